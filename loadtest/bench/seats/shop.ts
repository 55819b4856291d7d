import { programme } from '@onsale/booking-core/catalog/programme';
import { stage } from '@onsale/booking-core/catalog/stage';
import { type Database, openDatabase } from '@onsale/booking-core/db/database';
import type { Claim } from '@onsale/booking-core/holds/claim';
import { type Claimer, openClaimer } from '@onsale/booking-core/holds/claimer';
import { openSeatClaimer } from '@onsale/booking-core/holds/seat-claimer';
import type { Picker, Wish } from '@onsale/booking-core/inventory/seats/wish';
import { openStock } from '@onsale/booking-core/inventory/stock';
import { Refusal } from '@onsale/shared/errors';
import { printOf, uuidOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { Group } from './groups.ts';

/** The stadium, as it is seeded: 56,000 numbered seats in four tiers, 560 of them accessible. */
const { venue, event, tiers, tickets, room } = programme[0]!;
export const EVENT = event.id;
export const TIERS = tiers.map(({ id }) => id);

export async function putStadiumOnSale({ transact, db }: Database): Promise<void> {
  await transact('read committed', (tx) => stage(tx, { venue, event, tiers, tickets, room }));
  await sql`analyze tickets`.execute(db);
}

/** A way of giving seats to groups. */
export interface Seller {
  readonly name: string;
  /** Core instances, each with its own connections, batches and beliefs. */
  readonly instances: number;
  /** Any seats of a tier, or seats beside each other picked so. Undefined: as the core picks them. */
  readonly way: 'anyOfTier' | { readonly choose?: Picker };
}

export interface SeatShop {
  /** @returns false when the group was told that there are no such seats. */
  sell(group: Group): Promise<boolean>;
  /** Two seats, one of them a wheelchair space. */
  sellAccessible(group: Group): Promise<boolean>;
  /** Times that what was free was read again. */
  reloads(): number;
  readonly database: Database;
  close(): Promise<void>;
}

export async function openSeatShop(databaseUrl: string, { instances, way }: Seller): Promise<SeatShop> {
  let reloads = 0;
  const onReload = (): void => void reloads++;
  const cores = Array.from({ length: instances }, () => {
    const database = openDatabase(databaseUrl);
    const claimer = openClaimer(database, openStock(database.db), { judged: () => {}, reloaded: onReload });
    const { choose } = way === 'anyOfTier' ? {} : way;
    const { judge } = claimer;
    return {
      database,
      claimer,
      seats: openSeatClaimer({ database, judge, onReload, ...(choose === undefined ? {} : { choose }) }),
    };
  });
  await putStadiumOnSale(cores[0]!.database);
  const any = anyOf();
  let turn = 0;
  const nextCore = () => cores[turn++ % instances]!;
  const best = (wheelchairs: number) => async (group: Group) => {
    const wish: Wish = { quantity: group.size, tiers: TIERS, together: true, wheelchairs };
    return orRefused(nextCore().seats.best(EVENT, wish, claimOf(group)));
  };
  return {
    database: cores[0]!.database,
    sell: way === 'anyOfTier' ? (group) => any(nextCore().claimer, group) : best(0),
    sellAccessible: best(1),
    reloads: () => reloads,
    close: async () => void (await Promise.all(cores.map(({ database }) => database.close()))),
  };
}

/** The dearest tier that has so many: one that had not for such a group is not asked again. */
function anyOf(): (claimer: Claimer, group: Group) => Promise<boolean> {
  const from = new Map<number, number>();
  return async (claimer, group) => {
    const first = from.get(group.size) ?? 0;
    for (const [n, tier] of TIERS.entries()) {
      if (n < first) continue;
      if (await orRefused(claimer.claim(EVENT, tier, claimOf(group)))) return true;
      from.set(group.size, Math.max(from.get(group.size) ?? 0, n + 1));
    }
    return false;
  };
}

function claimOf({ buyer, size }: Group): Claim {
  const id = uuidOf('hold', EVENT, buyer, 'key');
  const print = printOf({ best: size });
  return { id, buyer, place: buyer.slice(0, 22), turn: 1, quantity: size, print };
}

const NONE = new Set(['soldOut', 'notEnough', 'notTogether']);

async function orRefused(held: Promise<unknown>): Promise<boolean> {
  try {
    await held;
    return true;
  } catch (fault) {
    if (fault instanceof Refusal && NONE.has(fault.code)) return false;
    throw fault;
  }
}
