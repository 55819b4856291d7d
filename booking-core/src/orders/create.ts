import { Refusal } from '@onsale/shared/errors';
import type { OrderRequest } from '@onsale/shared/http/orders';
import { printOf, uuidOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { type Owner, readHold } from '../holds/read.ts';
import { turnRevoked } from '../holds/refusals.ts';
import { findOrder, type OrderFacts } from './facts.ts';

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
  await insertOrder(db, { id, holdId, name, email, print, ...owner });

  const order = await findOrder(db, id);
  if (order === undefined) throw await refusalOf(db, holdId, owner);
  if (!order.print.equals(print)) throw new Refusal('idempotencyMismatch');
  return order;
}

interface NewOrder extends Orderer {
  readonly id: string;
  readonly holdId: string;
  readonly name: string;
  readonly email: string;
  readonly print: Buffer;
}

/** One statement: the hold is judged live and the total summed at the same moment. Nothing when it is not, or the id is there. */
async function insertOrder(db: Db, order: NewOrder): Promise<void> {
  const { id, holdId, name, email, print, device, event, buyer } = order;
  await sql`with made as (
      insert into orders (id, event, buyer, hold, state, face_minor, fees_minor, tax_minor, total_minor, currency,
        buyer_name, buyer_email, print, device)
      select ${id}, h.event, h.buyer, h.id, 'pending', cost.face, cost.fees, cost.tax, cost.total, e.currency,
        ${name}, ${email}, ${print}, ${device}
      from holds h join events e on e.id = h.event
        cross join lateral (
          select sum(c.price_minor) face, sum(c.fee_minor) fees, sum(c.tax_minor) tax, sum(c.total_minor) total
          from tickets t join tiers i on i.event = t.event and i.id = t.tier
            cross join lateral ticket_cost(i.price_minor, i.fee_minor, i.tax_basis_points, i.tax_included) c
          where t.id = any (h.tickets)
        ) cost
      where h.id = ${holdId} and h.event = ${event} and h.buyer = ${buyer}
        and h.expires_at > sale_clock() and h.expires_at < 'infinity' and e.cancelled_at is null
      on conflict (id) do nothing
      returning id
    )
    insert into audit (actor, action, subject, became)
    select 'buyer', 'order.created', id::text, '{"state": "pending"}' from made`.execute(db);
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
