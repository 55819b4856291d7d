import { check, fail } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { setTimeout } from 'k6/timers';
import { Api, operations } from './lib/api.ts';
import type { Event, Hold, IssuedTickets, Joined, OperatorRoom, Order, PlaceStatus } from './lib/contract.ts';
import { settings } from './lib/settings.ts';
import { refusalOf, waitForTurn } from './lib/wait.ts';

/**
 * A flash sale from arrival to tickets, over HTTP and Socket.IO: fans arrive at a steady rate, whether the sale keeps up or
 * not (an open model), wait for their turn with a socket, and buy. Every fan must end with tickets or be told that all
 * are sold. See loadtest/README.md.
 */
const { url, event: eventId, fans, arrivalSeconds, patienceSeconds, p99Ms } = settings;

const timeToPlace = new Trend('time_to_place', true);
const waited = new Trend('wait_for_turn', true);
const timeToHold = new Trend('time_to_hold', true);
const answered = new Rate('fans_answered');
const conversion = new Rate('conversion');
const ticketsSold = new Counter('tickets_sold');

export const options: Options = {
  scenarios: {
    fans: {
      executor: 'constant-arrival-rate',
      exec: 'fan',
      rate: fans,
      timeUnit: `${arrivalSeconds}s`,
      duration: `${arrivalSeconds}s`,
      preAllocatedVUs: fans,
      maxVUs: fans,
      gracefulStop: `${patienceSeconds}s`,
    },
    forger: { executor: 'shared-iterations', exec: 'forger', vus: 1, iterations: 1 },
  },
  thresholds: {
    ...Object.fromEntries(operations.map((op) => [`http_req_duration{op:${op}}`, [`p(99)<${p99Ms}`]])),
    dropped_iterations: ['count==0'],
    http_req_failed: ['rate==0'],
    checks: ['rate==1'],
    fans_answered: ['rate==1'],
    conversion: ['rate>0'],
  },
  summaryTrendStats: ['min', 'med', 'p(95)', 'p(99)', 'max'],
};

/** Stock as the operator sees it, when a token is given. */
function stockNow(): OperatorRoom['stock'] | undefined {
  if (settings.operatorToken === '') return undefined;
  const answer = http.get(`${url}/api/v1/operator/rooms/${eventId}`, {
    headers: { authorization: `Bearer ${settings.operatorToken}` },
    tags: { op: 'operator', name: 'operator' },
  });
  if (answer.status !== 200) fail(`the operator's room cannot be read: ${answer.status}`);
  return answer.json('stock') as unknown as OperatorRoom['stock'];
}

export function setup(): { soldBefore: number } {
  const api = new Api(url, '10.255.255.254');
  const { value, problem } = api.get<Event>('event', `/api/v1/events/${eventId}`);
  if (!value) fail(`no event ${eventId} at ${url}: ${problem.code}`);
  return { soldBefore: stockNow()?.sold ?? 0 };
}

export async function fan(): Promise<void> {
  const number = exec.scenario.iterationInTest;
  const api = new Api(url, `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`);
  const until = Date.now() + patienceSeconds * 1000;

  const session = await lineUp(api, until);
  const ending = typeof session === 'string' ? session : await shop(api, session.session, until);
  answered.add(ending !== 'unanswered');
  conversion.add(ending === 'bought');
}

/** Joins, waits, claims. */
async function lineUp(api: Api, until: number): Promise<{ session: string } | 'soldOut' | 'unanswered'> {
  const startedAt = Date.now();
  const { value: joined } = api.post<Joined>('join', `/api/v1/events/${eventId}/line`);
  if (!joined) return 'unanswered';
  timeToPlace.add(Date.now() - startedAt);
  const { placeToken } = joined;
  const asked = api.get<PlaceStatus>('status', `/api/v1/events/${eventId}/line/me`, { token: placeToken });
  check(asked, { 'status knows the place': ({ value }) => value !== undefined });

  const told =
    joined.status.state === 'waiting'
      ? await waitForTurn(url, placeToken, { 'x-forwarded-for': api.address }, until - Date.now())
      : joined.status;
  if (told.state === 'soldOut') return 'soldOut';
  if (told.state !== 'offered') return 'unanswered';
  waited.add(Date.now() - startedAt);
  const claimed = api.post<{ session: string }>('claim', `/api/v1/events/${eventId}/claim`, {
    body: { pass: told.pass },
  });
  return claimed.value ?? 'unanswered';
}

/** Takes tickets while there are any, and pays for them. */
async function shop(api: Api, session: string, until: number): Promise<'bought' | 'soldOut' | 'unanswered'> {
  const startedAt = Date.now();
  while (Date.now() < until) {
    await think();
    const { value: event } = api.get<Event>('event', `/api/v1/events/${eventId}`);
    if (!event) return 'unanswered';
    const tiers = event.tiers.filter(({ free }) => free > 0);
    const tier = (tiers.length > 0 ? tiers : event.tiers)[
      Math.floor(Math.random() * Math.max(1, tiers.length))
    ]!;
    const quantity = tiers.length > 0 ? Math.min(tier.free, 1 + Math.floor(Math.random() * 2)) : 1;
    const { value: hold, problem } = api.post<Hold>('hold', `/api/v1/events/${eventId}/holds`, {
      token: session,
      body: { tierId: tier.tierId, quantity },
    });
    if (hold) {
      timeToHold.add(Date.now() - startedAt);
      return buy(api, session, hold);
    }
    if (problem.code === 'soldOut') return 'soldOut';
    if (problem.code !== 'notEnough') return 'unanswered';
  }
  return 'unanswered';
}

async function buy(api: Api, session: string, hold: Hold): Promise<'bought' | 'unanswered'> {
  await think();
  const { value: order } = api.post<Order>('order', '/api/v1/orders', {
    token: session,
    body: { holdId: hold.holdId, name: 'Fan of the load test', email: 'fan@example.com' },
  });
  if (!order) return 'unanswered';
  const { orderId, orderToken } = order;
  await think();
  const { value: paid } = api.post<Order>('pay', `/api/v1/orders/${orderId}/payments`, {
    token: orderToken,
    session,
    body: { method: 'sandboxApprove' },
  });
  if (paid?.state !== 'paid') return 'unanswered';
  const { value: issued } = api.get<IssuedTickets>('tickets', `/api/v1/orders/${orderId}/tickets`, {
    token: orderToken,
  });
  const right = check(issued, {
    'tickets are those held': () => issued?.tickets.length === hold.tickets.length,
  });
  if (right) ticketsSold.add(hold.tickets.length);
  return right ? 'bought' : 'unanswered';
}

/** A pause around the mean, as people make. */
const think = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, settings.thinkSeconds * 1000 * (0.5 + Math.random()));
  });

/** A forged token gets a problem from the socket, and no place. */
export async function forger(): Promise<void> {
  const code = await refusalOf(url, 'place.k1.e30.forged', 10_000);
  check(code, { 'a forged token is refused by the socket': (refused) => refused === 'tokenInvalid' });
}

export function teardown({ soldBefore }: { soldBefore: number }): void {
  const stock = stockNow();
  if (stock === undefined) return;
  check(stock, {
    'sold, held and free add up': ({ total, sold, held, free }) => sold + held + free === total,
    'no more is sold than there is': ({ total, sold }) => sold <= total && sold >= soldBefore,
  });
}
