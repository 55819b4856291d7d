import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const invitationUses: Invariant = {
  id: 'invitation-uses',
  rule: 'LINE-26',
  promise: 'As many places came with an invitation as it counts uses, and no more than it has',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      select i.event, i.id as invitation, i.uses, i.uses_max as "at most", count(u.place)::int as places
      from invitations i left join invitation_uses u on u.invitation = i.id and u.event = i.event
      where i.event = any(${events})
      group by i.id having i.uses <> count(u.place) or i.uses > i.uses_max`.execute(db);
    return rows;
  },
};
