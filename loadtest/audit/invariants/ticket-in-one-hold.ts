import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const ticketInOneHold: Invariant = {
  id: 'ticket-in-one-hold',
  rule: 'BOOK-2',
  promise: 'No ticket is in two live holds; a sold hold lives for ever',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      select h.event, t.ticket, count(*)::int as holds, string_agg(h.id::text, ' ') as which
      from holds h, unnest(h.tickets) as t(ticket)
      where h.event = any(${events}) and not h.released and h.expires_at > sale_clock()
      group by h.event, t.ticket
      having count(*) > 1
      order by h.event, t.ticket`.execute(db);
    return rows;
  },
};
