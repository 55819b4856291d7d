import { randomUUID } from 'node:crypto';
import type { Order } from '@onsale/shared/http/orders';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runs } from '../../test/depth.ts';
import { chores as choresOf, eitherOr as judged, killEverywhere, post, QUANTITY } from './killing.ts';
import { openSale, SERVICE_TOKEN, type Shopper, shopper, type TestSale } from './sale.ts';
import type { Victim } from './victim.ts';

/**
 * A core process is killed before or after each statement that it says to Postgres while it pays, refunds or cancels; the
 * sandbox provider speaks through the same line, so its steps are among them. Then a second core and the chores go on.
 */
const HOLD_TTL_MS = 600_000;

interface Bought {
  readonly fan: Shopper;
  readonly order: Order;
  readonly key: string;
}

let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale();
  event = await sale.putOnSale({ tiers: { a: 1_000 }, buyerLimit: 4, holdTtlMs: HOLD_TTL_MS });
  await sql`update events set cancel_until = sale_clock() + interval '9 days'`.execute(sale.database.db);
});
afterAll(() => sale.close());

async function begun(): Promise<Bought> {
  const fan = shopper(sale, event);
  const { body: hold } = await fan.hold(QUANTITY);
  return { fan, order: (await fan.order(hold.holdId)).body, key: randomUUID() };
}
async function paid(): Promise<Bought> {
  const bought = await begun();
  expect((await bought.fan.pay(bought.order, bought)).body.state).toBe('paid');
  return bought;
}

const pay = ({ url }: Victim, { order, key }: Bought) =>
  post(`${url}/api/v1/orders/${order.orderId}/payments`, order.orderToken, { method: 'sandboxApprove' }, key);
const cancel = ({ url }: Victim, { order }: Bought) =>
  post(`${url}/api/v1/orders/${order.orderId}/cancellation`, order.orderToken);
const refund = ({ internalUrl }: Victim, { order, key }: Bought) =>
  post(`${internalUrl}/internal/orders/${order.orderId}/refunds`, SERVICE_TOKEN, {
    actor: 'opal',
    key,
    refund: { why: 'a wish' },
  });

const chores = () => choresOf(sale);
const eitherOr = (all: readonly Bought[]) =>
  judged(
    sale,
    all.map(({ order }) => order),
  );

describe('a core that is killed at every statement', () => {
  const timeout = runs(120_000, 600_000);

  test('[PAY-2] [PAY-4] [RUN-6] of paying: the order is paid with its tickets, or no money was taken; asking again pays it once', {
    timeout,
  }, async () => {
    const all = await killEverywhere(sale, { prepare: begun, work: pay });
    // Half of the fans ask again before any chore runs, as their pages do.
    for (const bought of all.filter((_, at) => at % 2 === 0)) {
      const { status, body } = await bought.fan.pay(bought.order, bought);
      expect([status, body.state]).toEqual([200, 'paid']);
    }
    await chores();
    const states = await eitherOr(all);
    expect(states.paid, 'killed after the money was asked for').toBeGreaterThan(all.length / 2);
    for (const bought of all) expect((await bought.fan.pay(bought.order, bought)).body.state).toBe('paid');
    expect(await eitherOr(all)).toEqual({ paid: all.length });
  });

  test('[PAY-1] [PAY-5] [RUN-6] of paying, and the hold runs out before anybody looks, its tickets with another: money back, or tickets that were paid in time', {
    timeout,
  }, async () => {
    const elsewhere = event;
    // Exactly as many tickets as are ordered: whoever comes late finds nothing.
    event = await sale.putOnSale({ tiers: { a: 120 }, buyerLimit: 4, holdTtlMs: HOLD_TTL_MS });
    // The moments are those of the test above; what differs is what comes after.
    const all = await killEverywhere(sale, { prepare: begun, work: pay });
    await sale.moveClock(HOLD_TTL_MS + 1);
    for (let rivals = 0; rivals < 120; rivals++) await shopper(sale, event).hold(1);
    await chores();
    const states = await eitherOr(all);
    expect(states.paid, 'settled before the kill').toBeGreaterThan(0);
    expect(states.refunded, 'money that came too late').toBeGreaterThan(0);
    for (const bought of all) await bought.fan.pay(bought.order, bought);
    expect(await eitherOr(all)).toEqual(states);
    event = elsewhere;
  });

  test('[PAY-12] [RUN-6] of refunding: the money is back once or not at all; asking again gives it back once', {
    timeout,
  }, async () => {
    const all = await killEverywhere(sale, { prepare: paid, work: refund });
    await chores();
    const states = await eitherOr(all);
    expect(states.refunded).toBeGreaterThan(0);
    for (const { order, key } of all) {
      const { internalApp } = sale.cores[0]!;
      const answer = await internalApp.request(`/internal/orders/${order.orderId}/refunds`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SERVICE_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ actor: 'opal', key, refund: { why: 'a wish' } }),
      });
      expect(answer.status).toBe(200);
    }
    await chores();
    expect(await eitherOr(all)).toEqual({ refunded: all.length });
  });

  test('[PAY-13] [RUN-6] of a fan’s cancelling: cancelled with the money back, or as before; asking again cancels', {
    timeout,
  }, async () => {
    const all = await killEverywhere(sale, { prepare: paid, work: cancel });
    await chores();
    expect((await eitherOr(all)).cancelled).toBeGreaterThan(0);
    for (const { fan, order } of all) {
      const { status } = await fan.send('POST', `/api/v1/orders/${order.orderId}/cancellation`, {
        token: order.orderToken,
      });
      expect(status).toBe(200);
    }
    await chores();
    expect(await eitherOr(all)).toEqual({ cancelled: all.length });
  });
});
