import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';
import { charges } from './charges.ts';

/** A charge has the id of its payment: the provider was asked under that key. */
export const paymentsSettled: Invariant = {
  id: 'payments-settled',
  rule: 'PAY-4',
  promise:
    'At rest every payment is settled: taken money bought tickets or was given back, the rest took none',
  check: async ({ db, events, atRest }) => {
    if (!atRest) return [];
    const { rows } = await sql<Breach>`
      with ${charges}, money as (
        select o.event, o.id as "order", o.state as order_state, o.total_minor, p.id as payment, p.state,
          p.amount_minor, c.state as charge, c.amount_minor as charged, c.refunded_minor as back,
          (select coalesce(sum(r.amount_minor), 0)::int from refunds r
            where r.payment = p.id and r.done_at is not null) as refunds_done,
          (select count(*)::int from refunds r where r.payment = p.id and r.done_at is null) as refunds_open
        from payments p
          join orders o on o.id = p."order"
          left join charges c on c.id = p.id
        where o.event = any(${events})
      ), judged as (
        select *, case
          when state = 'asked' then 'nobody wrote down the answer'
          when refunds_open > 0 then 'a refund was not carried out'
          when charge = 'captured' and charged <> amount_minor then 'another amount was taken'
          when back is distinct from null and back <> refunds_done then 'given back and refunds differ'
          when state = 'kept' and charge is distinct from 'captured' then 'kept, and no money was taken'
          when state = 'kept' and order_state = 'paid' and back <> 0 then 'kept, and given back'
          when state = 'kept' and order_state not in ('paid', 'partlyRefunded') then 'kept, and the order is not paid'
          when state = 'returned' and charge is distinct from 'captured' then 'returned, and never taken'
          when state = 'returned' and back <> charged then 'returned, and not all given back'
          when state in ('declined', 'cancelled') and charge = 'captured' then state || ', and taken'
          end as fault
        from money
      )
      select event, "order", order_state, payment, state, charge, charged, back, fault
      from judged where fault is not null`.execute(db);
    return rows;
  },
};
