import type { Invitation } from '@onsale/shared/http/invitations';
import { limits } from '@onsale/shared/limits';
import type { InvitationsTable } from '@onsale/shared/tables';
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { invitationOf } from './invitation.ts';

/** Newest first; those made together stand together. @param after the last one of the page before */
export async function listInvitations(
  db: Db,
  eventId: string,
  after: string | undefined,
): Promise<{ invitations: Invitation[]; next: string | null }> {
  const { rows } = await sql<Selectable<InvitationsTable>>`
    select i.* from invitations i left join invitations l on l.id = ${after ?? null} and l.event = i.event
    where i.event = ${eventId} and (l.id is null or (i.created_at, l.id) < (l.created_at, i.id))
    order by i.created_at desc, i.id limit ${limits.invitationPageMax}`.execute(db);
  return {
    invitations: rows.map(invitationOf),
    next: rows.length < limits.invitationPageMax ? null : rows.at(-1)!.id,
  };
}
