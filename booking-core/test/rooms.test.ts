import type { Batch } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pressureOf } from '../src/service/pressure.ts';
import { openSale, SERVICE_TOKEN, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
  event = await sale.putOnSale({ tiers: { a: 10, b: 5 }, buyerLimit: 4 });
});
afterAll(() => sale.close());

const internal = async (
  method: string,
  path: string,
  { body, core = 0 }: { body?: object; core?: number } = {},
) => {
  const response = await sale.cores[core]!.internalApp.request(path, {
    method,
    headers: {
      authorization: `Bearer ${SERVICE_TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};

const batchOf = (batch: number, places: readonly number[], turn = 1): Batch => ({
  batch,
  epoch: 1,
  takenAtMs: 1_800_000_000_000,
  reason: 'rate',
  places: places.map((n) => ({
    place: String(n).padStart(22, 'x'),
    turn,
    order: 1_800_000_000_000_000 + n,
    lane: 'general',
    back: false,
  })),
});
const recordedBatches = async () =>
  (
    await sql<{ places: number }>`select places from batches where event = ${event} order by id`.execute(
      sale.database.db,
    )
  ).rows;

describe('rooms', () => {
  test('[BOOK-13] [ADM-9] an operator’s change makes one version and one entry; the same again makes none', async () => {
    const change = {
      actor: 'olga',
      requestId: 'request-1',
      patch: { paused: true, capacity: 7, open: true },
    };
    const { body: room } = await internal('PATCH', `/internal/rooms/${event}`, { body: change });
    expect(room).toMatchObject({ eventId: event, version: 2, paused: true, capacity: 7 });
    expect((await internal('PATCH', `/internal/rooms/${event}`, { body: change })).body.version).toBe(2);
    const entries = await sale.database.db
      .selectFrom('audit')
      .select(['actor', 'action', 'was', 'became', 'request_id'])
      .where('subject', '=', event)
      .execute();
    expect(entries).toEqual([
      {
        actor: 'olga',
        action: 'room.changed',
        was: { paused: false, capacity: 2_000 },
        became: { paused: true, capacity: 7 },
        request_id: 'request-1',
      },
    ]);
    const raced = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        internal('PATCH', `/internal/rooms/${event}`, {
          core: n % 2,
          body: { actor: 'olga', patch: { capacity: 100 + n } },
        }),
      ),
    );
    expect(raced.map(({ body }) => body.version).sort()).toEqual([3, 4, 5, 6]);
    expect((await internal('GET', `/internal/rooms/${event}`)).body.version).toBe(6);
  });

  test('[BOOK-13] a new hold time counts for new holds, and who set it is in the audit', async () => {
    const buyer = shopper(sale, event);
    const { body: before } = await buyer.hold(1);
    const patched = await internal('PATCH', `/internal/events/${event}`, {
      body: { actor: 'olga', patch: { holdTtlMs: 15_000 } },
    });
    expect(patched.status).toBe(204);
    const { body: after } = await buyer.hold(1);
    expect(after.expiresAtMs - after.serverTimeMs).toBe(15_000);
    expect((await buyer.look(before.holdId)).body.expiresAtMs).toBe(before.expiresAtMs);
    const { body } = await buyer.send<{ holdTtlMs: number }>('GET', `/api/v1/events/${event}`);
    expect(body.holdTtlMs).toBe(15_000);
    const entry = await sale.database.db
      .selectFrom('audit')
      .select(['actor', 'was', 'became'])
      .where('action', '=', 'event.changed')
      .executeTakeFirstOrThrow();
    expect(entry).toEqual({ actor: 'olga', was: { holdTtlMs: 600_000 }, became: { holdTtlMs: 15_000 } });
  });

  test('[ADM-4] a batch is recorded once, from however many sides; a batch with someone new records him alone', async () => {
    const path = `/internal/rooms/${event}/batches`;
    const everyone = Array.from({ length: limits.batchMaxPlaces }, (_, n) => n);
    const answers = await Promise.all(
      [0, 1, 0, 1].map((core) => internal('POST', path, { core, body: batchOf(1, everyone) })),
    );
    const outcomes = answers.map(({ body }) =>
      body.places.map((place: { outcome: string }) => place.outcome),
    );
    expect(outcomes.filter((of) => of.every((one: string) => one === 'new'))).toHaveLength(1);
    expect(outcomes.filter((of) => of.every((one: string) => one === 'already'))).toHaveLength(3);
    expect(await recordedBatches()).toEqual([{ places: 500 }]);

    // Batch numbers come again after a loss of Redis; (event, place, turn) does not.
    const { body } = await internal('POST', path, { body: batchOf(1, [900, 3, 901]) });
    expect(body.places).toEqual([
      { place: '900'.padStart(22, 'x'), turn: 1, outcome: 'new' },
      { place: '3'.padStart(22, 'x'), turn: 1, outcome: 'already' },
      { place: '901'.padStart(22, 'x'), turn: 1, outcome: 'new' },
    ]);
    const { body: secondTurn } = await internal('POST', path, { body: batchOf(2, [3], 2) });
    expect(secondTurn.places[0].outcome).toBe('new');
    expect(await recordedBatches()).toEqual([{ places: 500 }, { places: 2 }, { places: 1 }]);
  });

  test('[BOOK-9] stock adds up, and unknown events are said to be unknown', async () => {
    const { body } = await internal('GET', `/internal/events/${event}/stock`);
    expect(body).toMatchObject({ total: 15, sold: 0 });
    expect(body.free + body.held + body.sold).toBe(15);
    expect(body.pressure).toBeGreaterThanOrEqual(0);
    for (const [method, path, sent] of [
      ['GET', '/internal/events/nothing/stock', undefined],
      ['GET', '/internal/rooms/nothing', undefined],
      ['PATCH', '/internal/rooms/nothing', { actor: 'olga', patch: {} }],
      ['PATCH', '/internal/events/nothing', { actor: 'olga', patch: { holdTtlMs: 2_000 } }],
      ['POST', '/internal/rooms/nothing/batches', batchOf(1, [1])],
    ] as const) {
      const answer = await internal(method, path, sent === undefined ? {} : { body: sent });
      expect([answer.status, answer.body.code], path).toEqual([404, 'eventUnknown']);
    }
  });

  test('[API-6] internal routes answer nothing without the service token, and are not on the public port', async () => {
    const { publicApp, internalApp } = sale.cores[0]!;
    for (const [authorization, code] of [
      [undefined, 'tokenMissing'],
      ['Bearer wrong', 'tokenInvalid'],
      [`Bearer ${SERVICE_TOKEN}x`, 'tokenInvalid'],
      [`Basic ${SERVICE_TOKEN}`, 'tokenMissing'],
    ] as const) {
      for (const path of ['/internal/rooms', `/internal/rooms/${event}`, '/internal/nothing']) {
        const answer = await internalApp.request(
          path,
          authorization === undefined ? {} : { headers: { authorization } },
        );
        expect([answer.status, (await answer.json()).code]).toEqual([401, code]);
      }
    }
    const headers = { authorization: `Bearer ${SERVICE_TOKEN}` };
    expect((await publicApp.request('/internal/rooms', { headers })).status).toBe(404);
  });
});

test('pressure is the worst share of what is bearable, between 0 and 1', () => {
  expect(pressureOf({ poolWaiting: 0, claimsWaiting: 0, loopLagMs: 0 })).toBe(0);
  expect(pressureOf({ poolWaiting: limits.poolWaitingMax / 2, claimsWaiting: 1, loopLagMs: 1 })).toBe(0.5);
  expect(pressureOf({ poolWaiting: 0, claimsWaiting: limits.claimsWaitingMax * 3, loopLagMs: 0 })).toBe(1);
  expect(pressureOf({ poolWaiting: 0, claimsWaiting: 0, loopLagMs: -3 })).toBe(0);
});
