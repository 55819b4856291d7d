import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/**
 * Batches are taken from the front one after another, so the order numbers of one lie all behind those of the batch
 * recorded before it. A second turn has a new, later order number: it follows the same rule.
 */
export const lineOrder: Invariant = {
  id: 'line-order',
  rule: 'ADM-3',
  promise: 'Fans are admitted in the order of the line',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with spans as (
        select a.event, a.batch_id, min(a.order_number) as first, max(a.order_number) as last
        from admissions a where a.event = any(${events})
        group by a.event, a.batch_id
      ), ordered as (
        select s.*, max(s.last) over (partition by s.event order by s.batch_id
          rows between unbounded preceding and 1 preceding) as before
        from spans s
      )
      select event, batch_id as batch, first::text as "first order", before::text as "order admitted before"
      from ordered where first <= before`.execute(db);
    return rows;
  },
};
