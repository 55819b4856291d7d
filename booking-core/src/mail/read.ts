import { limits } from '@onsale/shared/limits';
import type { OrdersTable } from '@onsale/shared/tables';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** What mails say of an event. */
export interface Show {
  readonly event: string;
  readonly startsAt: Date;
  readonly timeZone: string;
  readonly venue: string;
  readonly city: string;
}

/** An order as its mail tells of it. */
export interface ToldOrder extends Show {
  readonly id: string;
  readonly buyer: string;
  readonly currency: string;
  readonly faceMinor: number;
  readonly feesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  /** Of a load test. */
  readonly rehearsal: boolean;
}

export interface ToldTicket {
  readonly tier: string;
  readonly section: string | null;
  readonly row: string | null;
  readonly seat: number | null;
}

export interface FoundOrder extends Show {
  readonly id: string;
  readonly state: OrdersTable['state'];
  readonly tickets: number;
  /** As the buyer wrote it then. */
  readonly address: string;
}

const show = sql`e.name event, e.starts_at "startsAt", v.time_zone "timeZone", v.name venue, v.city`;

export async function readOrder(db: Db, orderId: string): Promise<ToldOrder> {
  const { rows } = await sql<ToldOrder>`
    select o.id, o.buyer_name buyer, o.currency, o.face_minor "faceMinor", o.fees_minor "feesMinor",
      o.tax_minor "taxMinor", o.total_minor "totalMinor", e.rehearsal, ${show}
    from orders o join events e on e.id = o.event join venues v on v.id = e.venue
    where o.id = ${orderId}`.execute(db);
  return rows[0]!;
}

/** Tickets that the order still has. */
export async function readTickets(db: Db, orderId: string): Promise<readonly ToldTicket[]> {
  const { rows } = await sql<ToldTicket>`
    select i.name tier, t.section, t."row", t.seat
    from order_lines l join tickets t on t.id = l.ticket join tiers i on i.event = t.event and i.id = t.tier
    where l."order" = ${orderId} and l.live order by t.id`.execute(db);
  return rows;
}

/** Orders of an address that money was taken for, newest first, limits.orderLinksMax at most; none of rehearsals. */
export async function findOrders(db: Db, address: string): Promise<readonly FoundOrder[]> {
  const { rows } = await sql<FoundOrder>`
    select o.id, o.state, o.buyer_email address, ${show},
      (select count(*)::int from order_lines l where l."order" = o.id and l.live) tickets
    from orders o join events e on e.id = o.event join venues v on v.id = e.venue
    where lower(o.buyer_email) = lower(${address}) and o.state <> 'pending' and not e.rehearsal
    order by o.created_at desc limit ${limits.orderLinksMax}`.execute(db);
  return rows;
}
