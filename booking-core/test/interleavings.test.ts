import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../../test/depth.ts';
import { playSales } from './play.ts';
import { openSale, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2, waitMs: 250 });
});
afterAll(() => sale.close());

test('[BOOK-2] [BOOK-4] [BOOK-5] [BOOK-7] [BOOK-8] [BOOK-9] [BOOK-10] [BOOK-15] [BOOK-16] [PAY-1] [PAY-2] [PAY-4] [PAY-5] [PAY-8] [PAY-10] [PAY-11] [PAY-12] [PAY-13] [PAY-14] any interleaving of holding, choosing, extending, releasing, running out, blocking, paying, paying late, being told twice, cancelling and giving back, in two processes, keeps the promises', {
  timeout: runs(120_000, 1_200_000),
}, async () => {
  await playSales(sale, { usual: 40, deep: 400, seed: 20_270_717 });
  expect(sale.faults).toEqual([]);
});
