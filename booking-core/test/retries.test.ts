import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokenPromises } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

/** What `/metrics` of a core says of work that was run again, by SQLSTATE. */
async function retries(core: number): Promise<Record<string, number>> {
  const metric = sale.metrics[core]!.registry.getSingleMetric('onsale_core_sql_retries_total')!;
  const { values } = (await metric.get()) as { values: Array<{ labels: { code?: string }; value: number }> };
  return Object.fromEntries(values.flatMap(({ labels, value }) => (value > 0 ? [[labels.code, value]] : [])));
}

test('[BOOK-33] in a rush over two processes nothing deadlocks, and nothing is run again', async () => {
  const event = await sale.putOnSale({ tiers: { a: 900, b: 300 }, buyerLimit: 4 });
  await Promise.all(
    Array.from({ length: 700 }, async (_, n) => {
      const fan = shopper(sale, event, { core: n % 2 });
      const { body: hold, status } = await fan.hold((n % 3) + 1, { tier: n % 4 === 0 ? 'b' : 'a' });
      if (status !== 201) return;
      if (n % 5 === 0) await fan.release(hold.holdId);
      else if (n % 5 === 1) await fan.extend(hold.holdId);
      else if (n % 5 < 4) await fan.pay((await fan.order(hold.holdId)).body);
    }),
  );
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(sale.faults).toEqual([]);
  expect([await retries(0), await retries(1)]).toEqual([{}, {}]);
});

test('[BOOK-33] a deadlock and a serialization failure are run again and counted', async () => {
  const event = await sale.putOnSale({ tiers: { a: 2 }, buyerLimit: 4 });
  const { rows } = await sql<{
    id: number;
  }>`select id from tickets where event = ${event} order by id`.execute(sale.database.db);
  const [first, second] = rows.map(({ id }) => id) as [number, number];
  let met: () => void = () => {};
  const both = new Promise<void>((resolve) => {
    let arrived = 0;
    met = () => void (++arrived === 2 && resolve());
  });
  const touch = (one: number, other: number): Promise<void> =>
    sale.database.transact('read committed', async (tx) => {
      await sql`update tickets set hold = hold where id = ${one}`.execute(tx);
      met();
      await both;
      await sql`update tickets set hold = hold where id = ${other}`.execute(tx);
    });
  await Promise.all([touch(first, second), touch(second, first)]);
  expect((await retries(0))['40P01']).toBeGreaterThanOrEqual(1);

  let failed = false;
  await sale.database.transact('read committed', async (tx) => {
    if (failed) return;
    failed = true;
    await sql`select require_whole(1, 2)`.execute(tx);
  });
  expect((await retries(0))['40001']).toBe(1);
});
