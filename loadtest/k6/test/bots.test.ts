import { problemCodes } from '@onsale/shared/errors';
import * as admissionRoutes from '@onsale/shared/http/admissions';
import * as internalRoutes from '@onsale/shared/http/internal';
import * as invitationRoutes from '@onsale/shared/http/invitations';
import * as operatorRoutes from '@onsale/shared/http/operator';
import * as holdRoutes from '@onsale/shared/http/operator-holds';
import * as refundRoutes from '@onsale/shared/http/refunds';
import * as removalRoutes from '@onsale/shared/http/removals';
import { expect, test } from 'vitest';
import { type Door, internalDoors, operatorDoors, trickyPaths } from '../bots/doors.ts';
import { judge } from '../bots/judge.ts';
import { kindNames, kinds } from '../bots/kinds.ts';
import { type Batch, outOfTurn } from '../bots/out-of-turn.ts';

/** What came of a try that is answered well when all is well; no code of ours. */
const ownWords = ['samePlace', 'sameHold', 'stillOutside', 'cutOff', 'ignored', 'unknownConnection'];

test('[RUN-44] bots try more than thirty kinds of wrong, and each is refused by name with a code that there is', () => {
  expect(kindNames.length).toBeGreaterThan(30);
  for (const kind of kindNames) {
    expect(kinds[kind].refusals.length, kind).toBeGreaterThan(0);
    for (const code of kinds[kind].refusals) {
      expect([...problemCodes, ...ownWords], kind).toContain(code);
    }
  }
});

test('[RUN-44] only the refusal that a kind is aimed at counts as a try; what gets through is a breach, whatever it is', () => {
  for (const kind of kindNames) {
    for (const code of kinds[kind].refusals) expect(judge(kind, { status: 400, code })).toBe('refused');
    for (const status of [200, 201, 204, 302, 304]) {
      expect(judge(kind, { status, code: 'undocumented' }), kind).toBe('breach');
    }
    // A typo in its path, a fault of the sale, silence, another check in front of the one it is aimed at.
    expect(judge(kind, { status: 404, code: 'tierUnknown' })).toBe('unexpected');
    expect(judge(kind, { status: 500, code: 'internal' })).toBe('unexpected');
    expect(judge(kind, { status: 0, code: 'undocumented' })).toBe('unexpected');
    expect(judge(kind, { status: 400, code: 'idempotencyKeyMissing' })).toBe('unexpected');
  }
  expect(judge('join-again', { status: 200, code: 'otherPlace' })).toBe('breach');
  expect(judge('forged-session', { status: 429, code: 'tooManyRequests' })).toBe('limited');
  expect(judge('address-flood', { status: 429, code: 'tooManyRequests' })).toBe('refused');
});

test('[RUN-44] the doors that bots knock at are there, so that none is refused for a typo', () => {
  const routes = [
    operatorRoutes,
    admissionRoutes,
    internalRoutes,
    invitationRoutes,
    holdRoutes,
    refundRoutes,
    removalRoutes,
  ].flatMap((module) =>
    Object.values(module).flatMap((value) =>
      typeof value === 'object' && 'operationId' in value
        ? [`${value.method} ${value.path.replaceAll(/\{\w+\}/g, '{event}')}`]
        : [],
    ),
  );
  const written = ({ method, path }: Door): string => `${method.toLowerCase()} ${path}`;
  // Every process tells its metrics on its internal port; that is no route of a contract.
  const known = [...routes, 'get /metrics'];
  for (const door of [...internalDoors, ...operatorDoors]) expect(known).toContain(written(door));
  expect(internalDoors.every(({ path }) => path.startsWith('/internal/') || path === '/metrics')).toBe(true);
  expect(operatorDoors.every(({ path }) => path.startsWith('/api/v1/operator/'))).toBe(true);
  expect(trickyPaths.filter((path) => known.includes(`get ${path}`))).toEqual([]);
});

const placeOf = (place: string, order: number, more: object = {}) => ({
  place,
  turn: 1,
  order,
  lane: 'general',
  back: false,
  invitedAtMs: null,
  ...more,
});
const batches = (...places: Array<Batch['places']>): Batch[] =>
  places.map((of) => ({ epoch: 1, places: of }));

test('[RUN-44] an admission out of turn is seen in the record, and what the line allows is not taken for one', () => {
  const good = batches(
    [placeOf('a', 1), placeOf('b', 2), placeOf('z', 1, { lane: 'priority' })],
    [placeOf('late', 0, { back: true }), placeOf('c', 3)],
    [placeOf('guest', 2, { lane: 'priority', invitedAtMs: 5 }), placeOf('a', 9, { turn: 2 })],
  );
  expect(outOfTurn(good)).toEqual([]);
  // Another life of the line begins anew.
  expect(outOfTurn([...good, { epoch: 2, places: [placeOf('d', 4)] }])).toEqual([]);

  expect(outOfTurn(batches([placeOf('b', 2)], [placeOf('a', 1)]))).toEqual([
    expect.stringContaining('a was'),
  ]);
  expect(outOfTurn(batches([placeOf('a', 1)], [placeOf('a', 2)]))).toHaveLength(1);
  expect(outOfTurn(batches([placeOf('a', 1, { turn: 2 })]))).toHaveLength(1);
});
