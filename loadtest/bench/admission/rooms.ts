import { type Database, openDatabase } from '@onsale/booking-core/db/database';
import type { Room, RoomPolicy } from '@onsale/shared/http/internal';
import type { Sale as Running } from '../../../bin/stack/sale.ts';
import { putOnSale } from '../claims/put-on-sale.ts';

/** One waiting room of the bench, and what its fans are like. */
export interface Plan {
  readonly eventId: string;
  readonly policy: Pick<RoomPolicy, 'ratePerMinute' | 'capacity' | 'claimWindowMs' | 'sessionTtlMs'>;
  /** Fans who join before anybody is let in; enough that the line is never empty. */
  readonly fans: number;
  /** The part of them who are gone when their turn comes. */
  readonly absent: number;
}

/** More than are ever offered at once: the stock bounds nothing here. */
const TICKETS = 6_000;

/** Puts an event on sale for every room; nobody is let in yet. */
export async function openRooms(
  databaseUrl: string,
  plans: readonly Plan[],
  capacity = TICKETS,
): Promise<void> {
  const database: Database = openDatabase(databaseUrl, {});
  try {
    for (const { eventId } of plans) await putOnSale(database, eventId, { capacity, buyerLimit: 4 });
  } finally {
    await database.close();
  }
}

/** Changes a room as an operator does, by the core's internal route. @returns the room as it is then */
export async function setPolicy(sale: Running, eventId: string, patch: Partial<RoomPolicy>): Promise<Room> {
  const answer = await fetch(`${sale.env.CORE_INTERNAL_URL}/internal/rooms/${eventId}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${sale.serviceToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ actor: 'bench', patch }),
  });
  if (!answer.ok)
    throw new Error(`The core did not change ${eventId}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Room;
}
