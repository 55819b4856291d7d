import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deskOf } from './desk.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale();
});
afterAll(() => sale.close());
afterEach(async () => {
  sale.provider.beforeCharge = async () => {};
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(await unsettledMoney(sale.database)).toEqual([]);
});

/** An event with a taxed fee: tier `a` 100.00 + 7.35 + 9.5 % (10.19825, so 10.20), tier `b` 200.00 that contain 7.25 %. */
async function taxedEvent(holdTtlMs = 600_000): Promise<string> {
  const event = await sale.putOnSale({ tiers: { a: 4, b: 4 }, buyerLimit: 4, holdTtlMs });
  await sql`update tiers set fee_minor = 735, tax_basis_points = 950 where event = ${event} and id = 'a'`.execute(
    sale.database.db,
  );
  await sql`update tiers set tax_basis_points = 725, tax_included = true where event = ${event} and id = 'b'`.execute(
    sale.database.db,
  );
  return event;
}
const ALL_IN = 100_00 + 7_35 + 10_20;

test('[PAY-15] what a ticket costs: the tax of price and fee, rounded half up, added or contained', async () => {
  /** In exact fractions: n / d, rounded half up. */
  const rounded = (n: bigint, d: bigint): bigint => ((n % d) * 2n >= d ? n / d + 1n : n / d);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          price: fc.integer({ min: 0, max: 10_000_000 }),
          fee: fc.integer({ min: 0, max: 1_000_000 }),
          rate: fc.oneof(
            fc.integer({ min: 0, max: 10_000 }),
            fc.constantFrom(0, 725, 950, 1900, 2500, 10_000),
          ),
          included: fc.boolean(),
        }),
        { minLength: 1, maxLength: 200 },
      ),
      async (tiers) => {
        const { rows } = await sql<{ price: number; fee: number; tax: number; total: number }>`
          select c.price_minor price, c.fee_minor fee, c.tax_minor tax, c.total_minor total
          from unnest(${tiers.map(({ price }) => price)}::int[], ${tiers.map(({ fee }) => fee)}::int[],
            ${tiers.map(({ rate }) => rate)}::int[], ${tiers.map(({ included }) => included)}::bool[])
            with ordinality t(price, fee, rate, included, n)
          cross join lateral ticket_cost(t.price, t.fee, t.rate, t.included) c order by n`.execute(
          sale.database.db,
        );
        expect(rows).toEqual(
          tiers.map(({ price, fee, rate, included }) => {
            const base = BigInt(price + fee);
            const tax = Number(rounded(base * BigInt(rate), included ? 10_000n + BigInt(rate) : 10_000n));
            return { price, fee, tax, total: price + fee + (included ? 0 : tax) };
          }),
        );
      },
    ),
    { numRuns: 30 },
  );
  // Half a cent is up: 10 % of 0.05, and of 0.15.
  const half = await sql<{ tax: number }>`select tax_minor tax from ticket_cost(5, 0, 1000, false)
    union all select tax_minor from ticket_cost(15, 0, 1000, false)`.execute(sale.database.db);
  expect(half.rows).toEqual([{ tax: 1 }, { tax: 2 }]);
});

test('[PAY-15] the fan sees, agrees to and pays the same sum, all in, and a refund gives that of its tickets back', async () => {
  const event = await taxedEvent();
  const fan = shopper(sale, event);
  const seen = await fan.send<{ tiers: object[] }>('GET', `/api/v1/events/${event}`);
  const a = { priceMinor: 100_00, feeMinor: 7_35, taxMinor: 10_20, totalMinor: ALL_IN };
  expect(seen.body.tiers[0]).toMatchObject({ ...a, taxIncluded: false });
  expect(seen.body.tiers[1]).toMatchObject({
    ...{ priceMinor: 200_00, feeMinor: 0, taxMinor: 13_52, totalMinor: 200_00 },
    taxIncluded: true,
  });

  const { body: hold } = await fan.hold(3);
  expect(hold.totalMinor).toBe(3 * ALL_IN);
  expect(hold.tickets[0]).toMatchObject(a);
  const { body: order } = await fan.order(hold.holdId);
  const parts = { faceMinor: 300_00, feesMinor: 22_05, taxMinor: 30_60, totalMinor: 3 * ALL_IN };
  expect(order).toMatchObject({ ...parts, refundedMinor: 0 });
  expect((await fan.pay(order)).body.state).toBe('paid');
  const { rows: charges } = await sql<{ taken: number }>`
    select amount_minor taken from payments where "order" = ${order.orderId}`.execute(sale.database.db);
  expect(charges).toEqual([{ taken: 3 * ALL_IN }]);
  const { tickets } = (await fan.tickets(order)).body;
  expect(tickets.map(({ totalMinor }) => totalMinor)).toEqual([ALL_IN, ALL_IN, ALL_IN]);

  const back = await deskOf(sale)('POST', `orders/${order.orderId}/refunds`, {
    actor: 'opal',
    key: 'k',
    refund: { tickets: [tickets[0]!.ticketId], why: 'a wish' },
  });
  expect(back.body).toMatchObject({ totalMinor: 3 * ALL_IN, refundedMinor: ALL_IN });
  expect((await fan.lookOrder(order)).body).toMatchObject({ ...parts, refundedMinor: ALL_IN });
});

test('[PAY-15] [PAY-11] tickets that late money buys instead cost what was paid', async () => {
  const event = await taxedEvent(60_000);
  const [fan, rival] = [shopper(sale, event), shopper(sale, event)];
  const { body: hold } = await fan.hold(1);
  const { body: order } = await fan.order(hold.holdId);
  sale.provider.beforeCharge = async () => {
    await sale.moveClock(60_001);
    await rival.hold(1);
    await sql`update tickets set free_at = 'infinity', hold = null where id = ${hold.tickets[0]!.ticketId}`.execute(
      sale.database.db,
    );
  };
  expect((await fan.pay(order)).body.state).toBe('paid');
  const [other] = (await fan.tickets(order)).body.tickets;
  expect(other!.ticketId).not.toBe(hold.tickets[0]!.ticketId);
  expect(other!.totalMinor).toBe(ALL_IN);
});
