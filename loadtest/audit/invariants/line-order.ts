import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/**
 * Batches are taken from the front one after another, so in each lane the order numbers of one lie all behind those of the
 * batch recorded before it. A second turn has a new, later order number: it follows the same rule. Out of order are only
 * those who had been passed over, and those who waited elsewhere before an invitation led them to the priority lane; each life of
 * the line (epoch) begins with those whom the one before had passed over.
 */
export const lineOrder: Invariant = {
  id: 'line-order',
  rule: 'ADM-3',
  promise: 'Fans are admitted in the order of the line',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with spans as (
        select a.event, b.epoch, a.lane, a.batch_id, min(a.order_number) as first, max(a.order_number) as last
        from admissions a join batches b on b.id = a.batch_id where a.event = any(${events}) and not a.back
          and not (a.lane = 'priority' and a.invited_at is not null
            and (a.order_number < 1::bigint << 50 or a.order_number < extract(epoch from a.invited_at) * 1000000))
        group by a.event, b.epoch, a.lane, a.batch_id
      ), ordered as (
        select s.*, max(s.last) over (partition by s.event, s.epoch, s.lane order by s.batch_id
          rows between unbounded preceding and 1 preceding) as before
        from spans s
      )
      select event, batch_id as batch, first::text as "first order", before::text as "order admitted before"
      from ordered where first <= before`.execute(db);
    return rows;
  },
};
