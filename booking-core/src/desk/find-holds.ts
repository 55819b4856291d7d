import type { HoldSearch, OperatorHold, OperatorHolds } from '@onsale/shared/http/operator-holds';
import { limits } from '@onsale/shared/limits';
import { type RawBuilder, sql } from 'kysely';
import type { CatalogEvent } from '../catalog/catalog.ts';
import type { Seats } from '../catalog/seats.ts';
import type { Db } from '../db/database.ts';
import { deadlineOf, stateOf } from '../holds/view.ts';
import { stateOf as orderStateOf } from '../orders/view.ts';

interface Row {
  readonly id: string;
  readonly buyer: string;
  readonly place: string;
  readonly turn: number;
  readonly tickets: number[];
  readonly expires_at: Date | number;
  readonly released: boolean;
  readonly created_at: Date;
  readonly now: Date;
  readonly orders: ReadonlyArray<{
    id: string;
    state: Parameters<typeof orderStateOf>[0]['state'];
    paying: boolean;
  }>;
}

/** Holds of an event, newest first, one page. Of those that live it walks the event's tickets: no index is kept for that. */
export async function findHolds(
  db: Db,
  seats: Seats,
  event: CatalogEvent,
  search: HoldSearch,
): Promise<OperatorHolds> {
  const rows = await holdsOf(db, search);
  const page = rows.slice(0, limits.deskPageMax);
  return {
    holds: await Promise.all(page.map((row) => viewOf(seats, event, row))),
    cursor: rows.length > page.length ? page.at(-1)!.id : null,
    serverTimeMs: page[0]?.now.getTime() ?? Date.now(),
  };
}

/** One more than a page, to know whether there is another. */
async function holdsOf(db: Db, search: HoldSearch): Promise<Row[]> {
  const { eventId, cursor } = search;
  const from = cursor ?? null;
  const { rows } = await sql<Row>`
    with clock as materialized (select sale_clock() now)
    select h.id, h.buyer, h.place, h.turn, h.tickets, h.expires_at, h.released, h.created_at, clock.now, coalesce((
        select json_agg(json_build_object('id', o.id, 'state', o.state, 'paying', exists (
          select from payments p where p."order" = o.id and p.state = 'asked')) order by o.created_at, o.id)
        from orders o where o.hold = h.id
      ), '[]') orders
    from holds h, clock
    where h.event = ${eventId} and ${which(search)}
      and (${from}::uuid is null or (h.created_at, h.id) < (select c.created_at, c.id from holds c where c.id = ${from}))
    order by h.created_at desc, h.id desc limit ${limits.deskPageMax + 1}`.execute(db);
  return rows;
}

function which({ eventId, holdId, buyer, ticketId }: HoldSearch): RawBuilder<unknown> {
  if (holdId !== undefined) return sql`h.id = ${holdId}`;
  if (buyer !== undefined) return sql`h.buyer = ${buyer}`;
  if (ticketId !== undefined) {
    return sql`h.id = (select t.hold from tickets t where t.id = ${ticketId} and t.event = ${eventId})`;
  }
  return sql`h.expires_at > clock.now and h.id in (
    select t.hold from tickets t where t.event = ${eventId} and t.free_at > (select now from clock) and t.free_at < 'infinity')`;
}

async function viewOf(seats: Seats, event: CatalogEvent, row: Row): Promise<OperatorHold> {
  const { id, tickets, released } = row;
  const [expiresAtMs, nowMs] = [Number(row.expires_at), row.now.getTime()];
  return {
    holdId: id,
    eventId: event.id,
    state: stateOf({ id, tickets, released, expiresAtMs, nowMs }),
    buyer: row.buyer,
    place: row.turn === 0 ? null : row.place,
    tickets: await seats(event, tickets),
    currency: event.currency,
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: deadlineOf(expiresAtMs),
    orders: row.orders.map((order) => ({
      orderId: order.id,
      state: orderStateOf({ ...order, expiresAtMs, nowMs }),
    })),
  };
}
