import { onServer } from '../../../bin/stack/database.ts';
import type { Context } from '../bench.ts';
import { faultsIn, leftIn } from './books.ts';
import { type Group, groupsOf, type Weights } from './groups.ts';
import { openSeatShop, type Seller } from './shop.ts';

/** Buyers at once: each waits for his answer, then the next group comes. */
export const BUYERS = 1_000;
/** Speed and waiting are measured until so much is held: how the last seats go is another question. */
const MEASURED_PART = 0.9;

export interface SellOut {
  readonly seatsPerSecond: number;
  readonly p99Ms: number;
  /** Single seats when nine in ten were held, and those left when no couple found two together any more. */
  readonly singlesAt90: number;
  readonly leftForCouples: number;
  /** Seats that nobody could be given in the end, and accessible ones that went to somebody who had not asked for them. */
  readonly unsold: number;
  readonly accessibleGone: number;
  readonly reloads: number;
}

/** Sells the stadium to groups until they no longer fit, then single seats, then the accessible ones. @param faults what was broken is added */
export async function sellOut(
  context: Context,
  seller: Seller,
  weights: Weights,
  seed: number,
  faults: string[],
): Promise<SellOut> {
  const database = await context.database('migrated');
  try {
    const shop = await openSeatShop(database.url, seller);
    try {
      await onServer(database.url, (client) => client.query('CHECKPOINT'));
      const next = groupsOf(weights, seed);
      const all = await leftIn(shop.database);
      let held = 0;
      const waits: number[] = [];
      const fromMs = performance.now();
      await together(async () => {
        if (held >= all.free * MEASURED_PART) return false;
        const group = next();
        const askedMs = performance.now();
        if (await shop.sell(group)) held += group.size;
        waits.push(performance.now() - askedMs);
        return true;
      });
      const tookMs = performance.now() - fromMs;
      const [heldThen, at90] = [held, await leftIn(shop.database)];

      const over = new Set<number>();
      await together(async () => {
        if (over.has(2)) return false;
        const group = next((size) => over.has(size));
        if (!(await shop.sell(group))) over.add(group.size);
        return true;
      });
      const forCouples = await leftIn(shop.database);
      const buyOut = (sell: (group: Group) => Promise<boolean>, size: number) =>
        together(() => sell({ ...next(), size }));
      await buyOut(shop.sell, 1);
      const { accessibleFree } = await leftIn(shop.database);
      await buyOut(shop.sellAccessible, 2);
      const end = await leftIn(shop.database);

      const broken = await faultsIn(shop.database, { together: seller.way !== 'anyOfTier' });
      faults.push(...broken.map((fault) => `${seller.name}: ${fault}`));
      return {
        seatsPerSecond: heldThen / (tookMs / 1_000),
        p99Ms: waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)]!,
        singlesAt90: at90.singles,
        leftForCouples: forCouples.free,
        unsold: end.free + end.accessibleFree,
        accessibleGone: all.accessibleFree - accessibleFree,
        reloads: shop.reloads(),
      };
    } finally {
      await shop.close();
    }
  } finally {
    await database.drop();
  }
}

/** Everyone at once, each until he says that there is nothing more to do. */
async function together(step: () => Promise<boolean>): Promise<void> {
  const stand = async (): Promise<void> => {
    while (await step());
  };
  await Promise.all(Array.from({ length: BUYERS }, stand));
}
