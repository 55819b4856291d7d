import { openDatabase } from '@onsale/booking-core/db/database';
import { layoutOf, readSeats } from '@onsale/booking-core/inventory/seats/layout';
import { viewOf } from '@onsale/booking-core/inventory/seats/view';
import { pick } from '@onsale/booking-core/inventory/seats/wish';
import type { Context } from '../bench.ts';
import { groupsOf, USUAL } from './groups.ts';
import { EVENT, putStadiumOnSale, TIERS } from './shop.ts';

export interface PickCost {
  readonly meanUs: number;
  readonly p99Us: number;
}

/** What choosing costs this process, the database aside: a group's seats found and set aside, until no couple fits. */
export async function pickCost(context: Context, seed: number): Promise<PickCost> {
  const { url, drop } = await context.database('migrated');
  const database = openDatabase(url, { connections: 2 });
  try {
    await putStadiumOnSale(database);
    const layout = layoutOf(await readSeats(database.db, EVENT));
    const view = viewOf(layout, new Uint8Array(layout.ids.length).fill(1));
    const next = groupsOf(USUAL, seed);
    const over = new Set<number>();
    const costs: number[] = [];
    while (!over.has(2)) {
      const { size } = next((asked) => over.has(asked));
      const from = performance.now();
      const seats = pick(view, { quantity: size, tiers: TIERS, together: true, wheelchairs: 0 });
      if (seats === undefined) over.add(size);
      else view.put(seats, 0);
      costs.push((performance.now() - from) * 1_000);
    }
    const meanUs = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    return { meanUs, p99Us: costs.toSorted((a, b) => a - b)[Math.floor(costs.length * 0.99)]! };
  } finally {
    await database.close();
    await drop();
  }
}
