import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/** The inbox: what a provider delivered, and what became of its payment. */
export const webhooksSettled: Invariant = {
  id: 'webhooks-settled',
  rule: 'PAY-8',
  promise: 'At rest every webhook that was taken is settled, and money it told of was kept or given back',
  check: async ({ db, events, atRest }) => {
    if (!atRest) return [];
    const { rows } = await sql<Breach>`
      select o.event, w.provider, w.event as webhook, w.state as told, p.id as payment, p.state,
        case when w.settled_at is null then 'nobody settled it' else 'told of money, and not believed' end as fault
      from webhook_events w
        join payments p on p.id = w.payment and p.provider = w.provider
        join orders o on o.id = p."order"
      where o.event = any(${events})
        and (w.settled_at is null or (w.state = 'captured' and p.state not in ('kept', 'returned')))`.execute(
      db,
    );
    return rows;
  },
};
