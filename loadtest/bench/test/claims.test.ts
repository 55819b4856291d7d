import { expect, test } from 'vitest';
import { freshDatabase } from '../../../test/database.ts';
import { freshRedis } from '../../../test/redis.ts';
import type { Sale } from '../../baselines/strategy.ts';
import { onsale } from '../claims/core.ts';
import { faultsOf } from '../claims/faults.ts';
import { rush } from '../claims/rush.ts';

const sale: Sale = { capacity: 2_001, buyerLimit: 2 };

test.for([1, 2])(
  '[BOOK-8] [BOOK-2] [BOOK-4] [BOOK-5] [BOOK-9] %i instances sell exactly the stock to more buyers than there are tickets',
  async (instances) => {
    const database = await freshDatabase();
    try {
      const shop = await onsale({ instances }).open(database.url, sale, freshRedis().url);
      try {
        const told = await rush(shop, sale, {
          buyers: 1_000,
          windowMs: Number.POSITIVE_INFINITY,
          boundMs: 30_000,
          seed: 3,
        });
        const books = await shop.books();
        expect(faultsOf(books, sale, told)).toEqual([]);
        expect(told.soldOut).toBe(true);
        expect(books).toMatchObject({ held: sale.capacity, left: 0 });
      } finally {
        await shop.close();
      }
    } finally {
      await database.drop();
    }
  },
);
