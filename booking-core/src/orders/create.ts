import { Refusal } from '@onsale/shared/errors';
import type { OrderRequest } from '@onsale/shared/http/orders';
import { printOf, uuidOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { type Owner, readHold } from '../holds/read.ts';
import { turnRevoked } from '../holds/refusals.ts';
import { factsOf, type OrderFacts, type OrderFactsRow } from './facts.ts';

/** Whose hold it is, and the turn and the device that it is ordered from. */
export interface Orderer extends Owner {
  readonly place: string;
  readonly turn: number;
  readonly device: string;
}

/**
 * Begins to buy a live hold. The order's id is a function of buyer and key, so asking again finds it.
 * @throws Refusal holdUnknown, holdExpired, orderClosed (the hold is sold), eventCancelled, sessionOver (the turn was revoked,
 *   and its holds released with it), idempotencyMismatch
 */
export async function createOrder(
  db: Db,
  owner: Orderer,
  key: string,
  { holdId, name, email }: OrderRequest,
): Promise<OrderFacts> {
  const id = uuidOf('order', owner.buyer, key);
  const print = printOf({ holdId, name, email });
  const { event, buyer, device } = owner;
  const { rows } = await sql<OrderFactsRow>`
    select * from create_order(${id}, ${event}, ${buyer}, ${holdId}, ${name}, ${email}, ${print}, ${device})`.execute(
    db,
  );
  const order = rows.map(factsOf)[0];
  if (order === undefined) throw await refusalOf(db, holdId, owner);
  if (!order.print.equals(print)) throw new Refusal('idempotencyMismatch');
  return order;
}

async function refusalOf(db: Db, holdId: string, owner: Orderer): Promise<Refusal> {
  const hold = await readHold(db, holdId, owner);
  if (hold.expiresAtMs === Number.POSITIVE_INFINITY) {
    return new Refusal('orderClosed', { detail: 'The hold is sold.' });
  }
  if (await isRevoked(db, owner)) return turnRevoked();
  return new Refusal((await isCancelled(db, owner.event)) ? 'eventCancelled' : 'holdExpired');
}

async function isCancelled(db: Db, event: string): Promise<boolean> {
  const row = await db.selectFrom('events').select('cancelled_at').where('id', '=', event).executeTakeFirst();
  return row?.cancelled_at != null;
}

async function isRevoked(db: Db, { event, place, turn }: Orderer): Promise<boolean> {
  const row = await db
    .selectFrom('revocations')
    .select('turn')
    .where('event', '=', event)
    .where('place', '=', place)
    .where('turn', '=', turn)
    .executeTakeFirst();
  return row !== undefined;
}
