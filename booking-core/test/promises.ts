import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../src/db/database.ts';

/**
 * The promises as queries that know nothing of how they are kept: each gives the rows that break it. `clock` is read once,
 * so all are judged at one moment.
 */
const broken: Record<string, RawBuilder<unknown>> = {
  'BOOK-1 a ticket on two live lines': sql`
    select ticket from order_lines where live group by ticket having count(*) > 1`,
  'BOOK-2 a ticket in two live holds': sql`
    select ticket from holds, clock, unnest(tickets) ticket where expires_at > clock.at
    group by ticket having count(*) > 1`,
  'BOOK-2 a live hold without all of its tickets': sql`
    select h.id from holds h, clock where h.expires_at > clock.at and h.quantity <> (
      select count(*) from tickets t where t.id = any (h.tickets) and t.hold = h.id and t.free_at = h.expires_at)`,
  'BOOK-2 a ticket taken for no live hold': sql`
    select t.id from tickets t, clock where t.free_at > clock.at
      and not (t.free_at = 'infinity' and t.hold is null) and not exists (
      select from holds h where h.id = t.hold and h.expires_at > clock.at and t.id = any (h.tickets))`,
  'BOOK-5 a buyer over the limit': sql`
    select h.event, h.buyer from holds h, clock where h.expires_at > clock.at and h.turn > 0 group by h.event, h.buyer
    having sum(h.quantity) > (select e.buyer_limit from events e where e.id = h.event)`,
  'PAY-1 money kept without tickets, or tickets without money': sql`
    select o.id from orders o where
      coalesce((select sum(p.amount_minor) from payments p where p."order" = o.id and p.state in ('kept', 'returned')), 0)
      - coalesce((select sum(r.amount_minor) from refunds r join payments p on p.id = r.payment where p."order" = o.id), 0)
      <> coalesce((select sum(l.total_minor) from order_lines l where l."order" = o.id and l.live), 0)`,
  'PAY-2 a charge that is not for one payment': sql`
    select c.id from sandbox_charges c left join payments p on p.id = c.id
    where p.id is null or p.amount_minor <> c.amount_minor`,
  'PAY-7 a paid order without all of its tickets': sql`
    select o.id from orders o join holds h on h.id = o.hold where o.state in ('paid', 'partlyRefunded') and h.quantity <> (
      select count(*) from order_lines l join tickets t on t.id = l.ticket
      where l."order" = o.id and l.live and t.hold = h.id and t.free_at = 'infinity')`,
  'BOOK-13 an order whose state is not in the audit': sql`
    select o.id from orders o where o.state is distinct from (
      select a.became ->> 'state' from audit a where a.subject = o.id::text order by a.id desc limit 1)`,
};

/** @returns the promises that do not hold now, with how many rows break each. */
export async function brokenPromises({ db }: Database): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [promise, rows] of Object.entries(broken)) {
    const result = await sql`with clock as materialized (select sale_clock() at) ${rows}`.execute(db);
    if (result.rows.length > 0) found[promise] = result.rows.length;
  }
  return found;
}

/** Once nothing is under way: every charge is settled, and money taken is money kept plus money given back. */
export async function unsettledMoney({ db }: Database): Promise<unknown[]> {
  const { rows } = await sql`
    select p.id, p.state, c.state charge, c.amount_minor, c.refunded_minor
    from payments p left join sandbox_charges c on c.id = p.id
    where p.state = 'asked'
      or (p.state = 'kept' and (c.state is distinct from 'captured' or c.refunded_minor >= greatest(p.amount_minor, 1)))
      or coalesce(c.refunded_minor, 0) <> (
        select coalesce(sum(r.amount_minor) filter (where r.done_at is not null), 0) from refunds r where r.payment = p.id)
      or exists (select from refunds r where r.payment = p.id and r.done_at is null)
      or (p.state = 'returned' and (c.refunded_minor is distinct from p.amount_minor
        or not exists (select from refunds r where r.payment = p.id and r.done_at is not null)))
      or (p.state = 'declined' and c.state is distinct from 'declined')
      or (p.state = 'cancelled' and c.state is distinct from 'cancelled' and c.state is distinct from 'declined')`.execute(
    db,
  );
  return rows;
}
