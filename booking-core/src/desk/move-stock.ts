import { Refusal } from '@onsale/shared/errors';
import type { StockMove } from '@onsale/shared/http/operator-stock';
import { printOf, uuidOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { CatalogEvent } from '../catalog/catalog.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../rooms/audit.ts';

/**
 * Blocks free tickets, or frees blocked ones: all that are asked for, or none. The same key of the same operator gives the
 * same tickets and moves nothing.
 * @returns the tickets
 * @throws Refusal tierUnknown, notEnough, idempotencyMismatch
 */
export async function moveStock(
  { db, retrying }: Database,
  event: CatalogEvent,
  { move, tickets, why }: StockMove,
  { key, actor, requestId }: Actor & { key: string },
): Promise<number[]> {
  const ids = 'ticketIds' in tickets ? tickets.ticketIds : null;
  const tier = 'tierId' in tickets ? tickets.tierId : null;
  const quantity = 'quantity' in tickets ? tickets.quantity : tickets.ticketIds.length;
  if (tier !== null && !event.tiers.some(({ id }) => id === tier)) throw new Refusal('tierUnknown');

  const id = uuidOf('stockMove', actor, event.id, key);
  const print = printOf({ move, tickets: JSON.stringify(tickets), why: why ?? '' });
  const { rows } = await retrying(() =>
    sql<{ outcome: 'moved' | 'replay' | 'mismatch' | 'few'; tickets: number[] }>`select * from move_stock(
      ${event.id}, ${id}, ${print}, ${move}, ${tier}, ${quantity}, ${ids}::int[],
      ${actor}, ${why ?? null}, ${requestId ?? null})`.execute(db),
  );
  const { outcome, tickets: found } = rows[0]!;
  if (outcome === 'mismatch') throw new Refusal('idempotencyMismatch');
  if (outcome === 'few') {
    const those = move === 'block' ? 'free' : 'blocked';
    throw new Refusal('notEnough', { detail: `${quantity} asked for, ${found.length} of them ${those}.` });
  }
  return found;
}
