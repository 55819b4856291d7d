import { randomUUID } from 'node:crypto';
import type { Order } from '@onsale/shared/http/orders';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runs } from '../../test/depth.ts';
import { proxyStatements } from '../../test/statements.ts';
import { openDatabase } from '../src/db/database.ts';
import { cancelEvent } from '../src/orders/cancel-event.ts';
import { refundCancelled } from '../src/orders/refund-cancelled.ts';
import { openPayments } from '../src/payments/payments.ts';
import { sandboxProvider } from '../src/payments/sandbox.ts';
import { webhookKeys } from '../src/payments/signature.ts';
import { chores, eitherOr, killEverywhere, momentsOf, post, QUANTITY, STATEMENTS_MAX } from './killing.ts';
import { brokenPromises } from './promises.ts';
import { openSale, SERVICE_TOKEN, shopper, type TestSale } from './sale.ts';
import type { Victim } from './victim.ts';

/** A whole event is cancelled, and whoever is at it dies at each statement. */
interface OnSale {
  readonly event: string;
  readonly paid: Order;
  /** Its money was taken, and nobody has written that down. */
  readonly onItsWay: Order;
}

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale();
});
afterAll(() => sale.close());

async function onSale(): Promise<OnSale> {
  const event = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  const ordered = async () => {
    const fan = shopper(sale, event);
    const { body: hold } = await fan.hold(QUANTITY);
    return { fan, order: (await fan.order(hold.holdId)).body };
  };
  const [first, second] = [await ordered(), await ordered()];
  expect((await first.fan.pay(first.order)).body.state).toBe('paid');
  const { orderId, totalMinor } = second.order;
  await sql`with asked as (
      insert into payments (id, "order", provider, method, amount_minor, state, print)
      values (${randomUUID()}, ${orderId}, 'sandbox', 'sandboxApprove', ${totalMinor}, 'asked', '') returning id, amount_minor
    )
    insert into sandbox_charges (id, amount_minor, state, capture_at)
    select id, amount_minor, 'captured', clock_timestamp() from asked`.execute(sale.database.db);
  return { event, paid: first.order, onItsWay: second.order };
}

const ordersOf = (all: readonly OnSale[]): Order[] => all.flatMap(({ paid, onItsWay }) => [paid, onItsWay]);
const body = { actor: 'opal', cancellation: { why: 'rain' } };
const cancel = ({ internalUrl }: Pick<Victim, 'internalUrl'>, { event }: OnSale) =>
  post(`${internalUrl}/internal/events/${event}/cancellation`, SERVICE_TOKEN, body);

async function cancelledAgain({ event }: OnSale): Promise<void> {
  const { status } = await sale.cores[0]!.internalApp.request(`/internal/events/${event}/cancellation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SERVICE_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(status).toBe(200);
}

describe('an event that is cancelled', () => {
  test('[PAY-14] [RUN-6] by a core that is killed at every statement: it is on with what was sold, or over and all the money back; asking again ends it once', {
    timeout: runs(120_000, 600_000),
  }, async () => {
    const all = await killEverywhere(sale, { prepare: onSale, work: cancel });
    // Half of the operators ask again before any chore runs.
    for (const one of all.filter((_, at) => at % 2 === 0)) await cancelledAgain(one);
    await chores(sale);
    const states = await eitherOr(sale, ordersOf(all));
    expect(states.paid, 'killed before it was written down').toBeGreaterThan(0);
    expect(states.cancelled, 'killed after it').toBeGreaterThan(0);

    for (const one of all) await cancelledAgain(one);
    await chores(sale);
    const { paid = 0 } = await eitherOr(sale, ordersOf(all));
    expect(paid).toBe(0);
    for (const { event } of all)
      expect((await shopper(sale, event).hold(1)).body.code).toBe('eventCancelled');
    const { rows } = await sql<{ times: number; open: boolean }>`
      select count(*)::int times, r.open from rooms r join audit a on a.subject = r.event and a.action = 'event.cancelled'
      where r.event = any(${all.map(({ event }) => event)}) group by r.event`.execute(sale.database.db);
    expect(rows).toEqual(all.map(() => ({ times: 1, open: false })));
  });

  test('[PAY-14] [RUN-6] whose orders are refunded by a worker that dies at every statement: the next one gives all the money back, once', async () => {
    const all: OnSale[] = [];
    let over = false;
    for (let n = 1; !over; n += 1) {
      expect(n).toBeLessThan(STATEMENTS_MAX);
      for (const moment of momentsOf()) {
        const one = await onSale();
        all.push(one);
        await cancelEvent(sale.database, one.event, { why: 'rain' }, { actor: 'opal' });
        over ||= !(await diesAt(n, moment));
        expect(await brokenPromises(sale.database)).toEqual({});
        await chores(sale);
        expect(await eitherOr(sale, ordersOf([one]))).toEqual({ cancelled: 1, refunded: 1 });
      }
    }
    expect(all.length).toBeGreaterThan(4);
  });
});

/** The refunding chore on a line of its own, that is cut for good at its n-th statement. @returns whether it came so far */
async function diesAt(n: number, moment: 'before' | 'after'): Promise<boolean> {
  const proxy = await proxyStatements(sale.url);
  const database = openDatabase(proxy.url, { connections: 2 });
  const provider = sandboxProvider(database.db, 0, webhookKeys(sale.ring, 'sandbox'));
  const payments = openPayments(database, [provider], { settled: () => {}, fault: () => {} });
  const cut = proxy.stopAt(n, moment).then(() => true);
  const done = refundCancelled(database, payments).then(() => false);
  const died = await Promise.race([cut, done]);
  proxy.close();
  await done.catch(() => {});
  await database.close();
  return died;
}
