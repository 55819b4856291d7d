import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

/** A whole sale with two cores and nothing else: no chore, no housekeeping, no timer of ours. */
const STOCK = 120;
const HOLD_TTL_MS = 30_000;

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

test('[BOOK-3] [BOOK-4] [BOOK-8] [BOOK-9] with no worker running, holds run out, are sold again, and the sale sells out exactly', async () => {
  const event = await sale.putOnSale({ tiers: { a: STOCK }, buyerLimit: 4, holdTtlMs: HOLD_TTL_MS });
  let sold = 0;
  let turns = 0;
  while (sold < STOCK) {
    turns += 1;
    // More than is left, in both processes; one in three of those who get tickets buys them, the others walk away.
    const fans = Array.from({ length: 60 }, (_, n) => shopper(sale, event, { core: n % 2 }));
    const asked = await Promise.all(fans.map((fan, n) => fan.hold((n % 4) + 1)));
    const got = asked.flatMap(({ status, body }, n) =>
      status === 201 ? [{ fan: fans[n]!, hold: body }] : [],
    );
    for (const { status, body } of asked) {
      if (status !== 201) expect(['notEnough', 'soldOut']).toContain(body.code);
    }
    const buying = got.filter((_, n) => n % 3 === 0);
    const states = await Promise.all(
      buying.map(async ({ fan, hold }) => (await fan.pay((await fan.order(hold.holdId)).body)).body.state),
    );
    expect(states).toEqual(buying.map(() => 'paid'));
    sold += buying.reduce((sum, { hold }) => sum + hold.tickets.length, 0);
    expect(got.length, 'something is always left to take').toBeGreaterThan(0);
    expect(await brokenPromises(sale.database)).toEqual({});
    await sale.moveClock(HOLD_TTL_MS + 1);
  }
  expect(turns).toBeGreaterThan(3);
  expect(sold).toBe(STOCK);
  for (const core of [0, 1]) {
    expect((await shopper(sale, event, { core }).hold(1)).body).toMatchObject({
      code: 'soldOut',
      free: 0,
      held: 0,
    });
  }
  expect(await unsettledMoney(sale.database)).toEqual([]);
  expect(sale.faults).toEqual([]);
});
