import { sql } from 'kysely';

/**
 * `charges`: what the provider of each payment has of it. The sandbox's books lie beside ours and are read. Another provider's
 * do not: there our own word stands in, so that the sums are checked and the provider is believed; its own reports say the rest.
 */
export const charges = sql`charges as (
  select id, amount_minor, state, refunded_minor from sandbox_charges
  union all
  select p.id, p.amount_minor, case when p.state in ('kept', 'returned') then 'captured' else p.state end,
    (select coalesce(sum(r.amount_minor), 0)::int from refunds r where r.payment = p.id and r.done_at is not null)
  from payments p where p.provider <> 'sandbox'
)`;
