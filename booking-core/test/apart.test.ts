import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTransaction } from './blocked.ts';
import { brokenPromises } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';
import { putSeatsOnSale } from './seated.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale();
});
afterAll(() => sale.close());

/**
 * Of chosen seats that overlap in one batch, who lost leaves his others to the next of the same batch, in the same trip. Judged
 * all at once (without holds/apart.ts), C would lose 3 to B, who gets nothing, and go round once more: past D, who asked later.
 */
test('[BOOK-35] [BOOK-17] of seats that overlap the first who asked get them, also those that another could not have', async () => {
  const { event, idOf } = await putSeatsOnSale(sale, [{ row: 'A', distance: 1, seats: '........' }]);
  const seat = (number: number): number => idOf.get(`S/A/${number}`)!;
  const choose = (...numbers: number[]) => shopper(sale, event).choose(numbers.map(seat));

  const [first, second] = [await openTransaction(sale.url), await openTransaction(sale.url)];
  await first.query('select lock_event($1)', [event]);
  // One batch waits for the lock; behind it, a transaction that then holds the next one up.
  const alone = choose(8);
  await first.waitedForBy(1);
  const locked = second.query('select lock_event($1)', [event]);
  await first.waitedForBy(2);
  const other = choose(7);
  await first.waitedForBy(3);
  // No third batch is on its way meanwhile: these three gather.
  const [a, b, c] = [choose(1, 2), choose(2, 3), choose(3, 4)];
  await first.commit();
  await locked;
  await second.waitedForBy(2);
  const d = choose(4, 5);
  await second.commit();

  const answers = await Promise.all([alone, other, a, b, c, d]);
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 409, 201, 409]);
  expect(answers[3]!.body.taken).toEqual(expect.arrayContaining([seat(2)]));
  expect(answers[5]!.body.taken).toEqual([seat(4)]);
  const counted = await sale.metrics[0]!.registry.metrics();
  expect(counted).toMatch(/^onsale_core_proposals_lost_total 2$/m);
  expect(counted).toMatch(/^onsale_core_holds_total\{outcome="seatsTaken"\} 2$/m);
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(sale.faults).toEqual([]);
});
