import type { Joined, PlaceStatus } from '../lib/contract.ts';
import { oneOf } from '../lib/seeded.ts';
import { settings } from '../lib/settings.ts';
import { ask, type Told } from './ask.ts';
import type { Attempt, Tried } from './attempt.ts';
import { edited, flipped, made, partsOf, passOf, payloadOf } from './forge.ts';
import type { KindName } from './kinds.ts';
import { claim, wishOf } from './passes.ts';

const line = `/api/v1/events/${settings.event}/line`;
/** So often a fan in the line joins again; more than he may at once (limits.fanJoinsAtOnce). */
const JOINS_AGAIN = 16;

interface Place {
  readonly place: string;
  readonly order: number | null;
}

/** What is done with a place in the line, or to have a better one. */
export const places: readonly Attempt[] = [
  ({ kit, random }) => {
    const { placeToken, session, cookie } = oneOf(random, kit.shoppers);
    const forged = [flipped(placeToken), made(placeToken, 'place', { order: 1 }), session, cookie];
    return withPlace('forged-place', oneOf(random, forged), oneOf(random, ['GET', 'DELETE', 'POST']));
  },
  ({ kit, random }) => {
    const { placeToken } = oneOf(random, kit.shoppers);
    const path = `/api/v1/events/${kit.otherEvent}/line`;
    const [method, where] = oneOf(random, [
      ['GET', `${path}/me`],
      ['DELETE', `${path}/me`],
      ['POST', path],
    ] as const);
    const kind = 'place-of-another-event';
    return [[kind, ask(kind, { method, path: where, token: placeToken })]];
  },
  () => {
    const invitation = Array.from({ length: 8 }, () => crypto.randomUUID().slice(0, 4)).join('-');
    const kind = 'forged-invitation';
    return [[kind, ask(kind, { method: 'POST', path: line, body: { invitation } })]];
  },
  ({ kit, random }) => {
    const { cookie, pass } = oneOf(random, kit.shoppers);
    const headers = oneOf(random, [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://tickets.example' },
      { origin: 'null' },
    ]);
    const kind = 'cross-site';
    const said = oneOf(random, [
      { method: 'POST', path: line },
      { method: 'POST', path: `/api/v1/events/${settings.event}/claim`, body: { pass } },
    ]);
    return [[kind, ask(kind, { ...said, cookie, headers })]];
  },
  ({ kit, random }) => inLine(oneOf(random, kit.shoppers).pass),
];

function withPlace(kind: KindName, token: string, method: 'GET' | 'DELETE' | 'POST'): readonly Tried[] {
  const path = method === 'POST' ? line : `${line}/me`;
  return [[kind, ask(kind, { method, path, token })]];
}

/**
 * A fan who stands in the line and would like to be further ahead, or inside; then he goes. Whoever is let in at once, because
 * nobody waits, has nothing to try.
 * @param seen a true pass, to make one after
 */
function inLine(seen: string): readonly Tried[] {
  const first = ask('join-again', { method: 'POST', path: line });
  const { placeToken, status } = (first.json ?? {}) as Partial<Joined>;
  if (placeToken === undefined) return [['join-again', first]];
  const tried = status?.state === 'waiting' ? whileWaiting(placeToken, first.cookie, seen) : [];
  ask('join-again', { method: 'DELETE', path: `${line}/me`, token: placeToken });
  return tried;
}

function whileWaiting(placeToken: string, cookie: string | undefined, seen: string): readonly Tried[] {
  const place = payloadOf<Place>(placeToken);
  const parts = partsOf(seen);
  const pass = passOf({ ...parts, claims: { ...parts.claims, ...wishOf(placeToken) } });

  const ahead = edited(placeToken, { order: 1, lane: 'priority' });
  return [
    ...Array.from({ length: JOINS_AGAIN }, () => joinAgain(place, cookie)),
    ...claim('claim-before-offer', pass, cookie),
    ...(['GET', 'POST', 'DELETE'] as const).flatMap((method) => withPlace('edited-order', ahead, method)),
    stillWaits(placeToken),
  ];
}

/** The same fan joins from somewhere else. His turn may have come meanwhile: then there is no order any more. */
function joinAgain(place: Place, cookie: string | undefined): Tried {
  const told = ask('join-again', { method: 'POST', path: line, cookie });
  const { placeToken } = (told.json ?? {}) as Partial<Joined>;
  if (placeToken === undefined) return ['join-again', told];
  const now = payloadOf<Place>(placeToken);
  const same = now.place === place.place && (now.order === place.order || now.order === null);
  return ['join-again', { status: told.status, code: same ? 'samePlace' : 'otherPlace' }];
}

/** After all of it he is inside only if he was let in: whoever has a session without an offer has got through. */
function stillWaits(placeToken: string): Tried {
  const told: Told = ask('claim-before-offer', { method: 'GET', path: `${line}/me`, token: placeToken });
  const { state } = (told.json ?? {}) as Partial<PlaceStatus>;
  const outside = state === 'waiting' || state === 'offered';
  return ['claim-before-offer', outside ? { status: told.status, code: 'stillOutside' } : told];
}
