import { fail, sleep } from 'k6';
import type { Claimed, Event, EventList, Hold, Joined, Order, PlaceStatus } from '../lib/contract.ts';
import { setPolicy } from '../lib/desk.ts';
import { settings } from '../lib/settings.ts';
import { ask, type Said, type Told } from './ask.ts';
import { payloadOf } from './forge.ts';

/**
 * What the bots have in their hands: got by the front door, by fans who waited for their turn. Everything that the run then does
 * with it is wrong.
 */
export interface Kit {
  readonly tierId: string;
  readonly buyerLimit: number;
  /** An event that there is besides. */
  readonly otherEvent: string;
  /** The public key of passes, as it is published: a JWK. */
  readonly passKey: { readonly kid: string; readonly x: string };
  /** Inside, with as many tickets as they may have, and an order that is not paid. */
  readonly shoppers: readonly Shopper[];
  /** Were inside: half of them paid, half of them left. */
  readonly gone: readonly Inside[];
  /** Inside until a second after they came. */
  readonly expired: readonly Inside[];
  /** Let in, and never claimed: their passes. */
  readonly passesLapsed: readonly string[];
  /** Waits for nothing and nobody: a place token whose fan has left. */
  readonly placeToken: string;
}

export interface Inside {
  readonly cookie: string;
  readonly placeToken: string;
  /** The place's id. */
  readonly place: string;
  readonly pass: string;
  readonly session: string;
}

export interface Shopper extends Inside {
  readonly key: string;
  readonly holdId: string;
  readonly orderId: string;
  readonly orderToken: string;
}

const SHOPPERS = 32;
const GONE = 16;
const LATE = 4;
/** Passes and sessions outlive the run: what they are refused for is not their age. */
const LASTING_MS = 3_600_000;
/** After the end of its window a pass is expired for certain: limits.clockSkewMs, and its end is rounded to a second. */
const EXPIRED_AFTER_S = 7;
const OFFER_WITHIN_S = 20;

const event = `/api/v1/events/${settings.event}`;

/** For `setup()`: the operator lets them in fast, some of them for a second only. */
export function makeKit(): Kit {
  const { tiers, buyerLimit } = good<Event>({ method: 'GET', path: event });
  const tierId = tiers.find(({ free }) => free > SHOPPERS * buyerLimit)?.tierId;
  if (tierId === undefined) fail(`${settings.event} has too few free tickets for the bots' own fans`);
  const { events } = good<EventList>({ method: 'GET', path: '/api/v1/events' });
  const otherEvent = events.find(({ eventId }) => eventId !== settings.event)?.eventId;
  if (otherEvent === undefined) fail('the bots need a second event: a token of one is tried at the other');
  const { keys } = good<{ keys: Kit['passKey'][] }>({ method: 'GET', path: '/.well-known/jwks.json' });

  setPolicy({ ratePerMinute: 6_000, claimWindowMs: LASTING_MS, sessionTtlMs: LASTING_MS, paused: false });
  const shoppers = several(SHOPPERS, () => shopping(tierId, buyerLimit));
  const gone = several(GONE, (n) => (n % 2 === 0 ? paid(tierId) : left()));
  const { placeToken } = joined();
  good({ method: 'DELETE', path: `${event}/line/me`, token: placeToken });
  setPolicy({ sessionTtlMs: 1_000 });
  const expired = several(LATE, inside);
  setPolicy({ sessionTtlMs: LASTING_MS, claimWindowMs: 1_000 });
  const passesLapsed = several(LATE, () => offered(joined().placeToken));
  sleep(EXPIRED_AFTER_S);
  return {
    tierId,
    buyerLimit,
    otherEvent,
    passKey: keys[0]!,
    shoppers,
    gone,
    expired,
    passesLapsed,
    placeToken,
  };
}

const several = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** An answer that there has to be, for the run to begin at all. */
function good<T>(said: Said): T {
  return told(said).json as T;
}

function told(said: Said): Told {
  const answer = ask('kit', said);
  if (answer.status < 200 || answer.status > 299) {
    fail(`the bots' kit: ${said.method} ${said.path} was refused with ${answer.status} ${answer.code}`);
  }
  return answer;
}

function joined(): { cookie: string; placeToken: string } {
  const { json, cookie } = told({ method: 'POST', path: `${event}/line` });
  return { cookie: cookie!, placeToken: (json as Joined).placeToken };
}

/** Waits for the turn. @returns the pass */
function offered(placeToken: string): string {
  for (const untilMs = Date.now() + OFFER_WITHIN_S * 1_000; Date.now() < untilMs; sleep(0.05)) {
    const status = good<PlaceStatus>({ method: 'GET', path: `${event}/line/me`, token: placeToken });
    if (status.state === 'offered') return status.pass;
  }
  return fail(`nobody was let in within ${OFFER_WITHIN_S} s`);
}

function inside(): Inside {
  const { cookie, placeToken } = joined();
  const pass = offered(placeToken);
  const { session } = good<Claimed>({ method: 'POST', path: `${event}/claim`, cookie, body: { pass } });
  return { cookie, placeToken, place: payloadOf<{ place: string }>(placeToken).place, pass, session };
}

function shopping(tierId: string, quantity: number): Shopper {
  const fan = inside();
  const key = crypto.randomUUID();
  const { session: token, cookie } = fan;
  const { holdId } = good<Hold>({
    method: 'POST',
    path: `${event}/holds`,
    token,
    cookie,
    key,
    body: { tierId, quantity },
  });
  const { orderId, orderToken } = good<Order>({
    method: 'POST',
    path: '/api/v1/orders',
    token,
    cookie,
    key: crypto.randomUUID(),
    body: { holdId, name: 'Fan of the load test', email: 'fan@example.com' },
  });
  return { ...fan, key, holdId, orderId, orderToken };
}

function paid(tierId: string): Inside {
  const { orderId, orderToken, ...fan } = shopping(tierId, 1);
  good({
    method: 'POST',
    path: `/api/v1/orders/${orderId}/payments`,
    token: orderToken,
    cookie: fan.cookie,
    key: crypto.randomUUID(),
    headers: { 'onsale-session': fan.session },
    body: { method: 'sandboxApprove' },
  });
  return fan;
}

function left(): Inside {
  const fan = inside();
  good({ method: 'DELETE', path: `${event}/line/me`, token: fan.placeToken });
  return fan;
}
