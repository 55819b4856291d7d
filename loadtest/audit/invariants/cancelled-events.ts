import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const cancelledEvents: Invariant = {
  id: 'cancelled-events',
  rule: 'PAY-14',
  promise: 'At rest no order of a cancelled event is paid',
  check: async ({ db, events, atRest }) => {
    if (!atRest) return [];
    const { rows } = await sql<Breach>`
      select o.event, o.id as "order", o.state
      from orders o join events e on e.id = o.event
      where o.event = any(${events}) and e.cancelled_at is not null
        and o.state in ('paid', 'partlyRefunded')`.execute(db);
    return rows;
  },
};
