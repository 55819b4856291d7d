import { Refusal } from '@onsale/shared/errors';
import type { CompRequest } from '@onsale/shared/http/operator-comps';
import { printOf, uuidOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { CatalogEvent } from '../catalog/catalog.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../rooms/audit.ts';

export interface GivenComp {
  readonly orderId: string;
  readonly ticketIds: number[];
}

/**
 * Gives tickets away: all that are asked for, or none. The same key of the same operator gives the same order once.
 * @throws Refusal tierUnknown, notEnough, eventCancelled, idempotencyMismatch
 */
export async function giveComp(
  { db, retrying }: Database,
  event: CatalogEvent,
  { tickets, name, email, why }: CompRequest,
  { key, actor, requestId }: Actor & { key: string },
): Promise<GivenComp> {
  const ids = 'ticketIds' in tickets ? tickets.ticketIds : null;
  const tier = 'tierId' in tickets ? tickets.tierId : null;
  const quantity = 'quantity' in tickets ? tickets.quantity : tickets.ticketIds.length;
  if (tier !== null && !event.tiers.some(({ id }) => id === tier)) throw new Refusal('tierUnknown');

  const parts = [actor, event.id, key];
  const orderId = uuidOf('comp', ...parts);
  const print = printOf({ tickets: JSON.stringify(tickets), name, email, why });
  const { rows } = await retrying(() =>
    sql<{ outcome: 'given' | 'replay' | 'mismatch' | 'cancelled' | 'few'; tickets: number[] }>`
      select * from give_comp(${event.id}, ${orderId}, ${uuidOf('compHold', ...parts)},
        ${uuidOf('compBuyer', ...parts)}, ${print}, ${tier}, ${quantity}, ${ids}::int[], ${name}, ${email},
        ${actor}, ${why}, ${requestId ?? null})`.execute(db),
  );
  const { outcome, tickets: found } = rows[0]!;
  if (outcome === 'mismatch') throw new Refusal('idempotencyMismatch');
  if (outcome === 'cancelled') throw new Refusal('eventCancelled');
  if (outcome === 'few') {
    throw new Refusal('notEnough', { detail: `${quantity} asked for, ${found.length} of them free.` });
  }
  return { orderId, ticketIds: found };
}
