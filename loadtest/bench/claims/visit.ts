import { onServer } from '../../../bin/stack/database.ts';
import type { Sale, Strategy } from '../../baselines/strategy.ts';
import type { Context } from '../bench.ts';
import { faultsOf, undoneBy } from './faults.ts';
import { type Rush, type RushOptions, rush } from './rush.ts';

export const BUYERS = 1_000;
/** When a run is ended whatever happened. */
export const RUN_MAX_MS = 60_000;
/** The stadium. A buyer may have two tickets and wants one or two. */
export const SALE: Sale = { capacity: 56_000, buyerLimit: 2 };

export interface Visit extends Rush {
  /** Tickets in holds, as the database says. */
  readonly held: number;
  /** From the first buyer's question to the last one's answer. */
  readonly tookMs: number;
}

/** One rush at a strategy in a database of its own, then a look into its books. @param faults what it broke is added. */
export async function visit(
  context: Context,
  strategy: Strategy,
  sale: Sale,
  faults: string[],
  options: Pick<RushOptions, 'windowMs' | 'seed'> & { readonly buyers?: number },
): Promise<Visit> {
  const database = await context.database(strategy.database);
  try {
    const shop = await strategy.open(database.url, sale, context.redisUrl);
    let found: Visit;
    try {
      // Everyone begins with the disk as quiet, and pays for the first touch of each page after it.
      await onServer(database.url, (client) => client.query('CHECKPOINT'));
      const from = performance.now();
      const told = await rush(shop, sale, { buyers: BUYERS, boundMs: RUN_MAX_MS, ...options });
      const tookMs = performance.now() - from;
      const books = await shop.books();
      faults.push(...faultsOf(books, sale, told).map((fault) => `${strategy.name}: ${fault}`));
      found = { ...told, held: books.held, tookMs };
    } finally {
      await shop.close();
    }
    const undone = await undoneBy(strategy, database.url);
    faults.push(...undone.map((fault) => `${strategy.name}: ${fault}`));
    return found;
  } finally {
    await database.drop();
  }
}
