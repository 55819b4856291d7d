import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const changesAudited: Invariant = {
  id: 'changes-audited',
  rule: 'BOOK-13',
  promise: 'Every settled order and every version of a room has its entry in the audit',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      select o.event, o.id::text as subject, o.state || ' without an entry' as fault
      from orders o
      where o.event = any(${events}) and o.state <> 'pending'
        and not exists (select from audit a where a.subject = o.id::text and a.action = 'order.' || o.state)
      union all
      select r.event, r.event, 'version ' || r.version || ' with ' || count(a.id) || ' changes on record'
      from rooms r left join audit a on a.subject = r.event and a.action = 'room.changed'
      where r.event = any(${events})
      group by r.event, r.version
      having count(a.id) <> r.version - 1`.execute(db);
    return rows;
  },
};
