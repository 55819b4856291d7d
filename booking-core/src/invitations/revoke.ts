import { Refusal } from '@onsale/shared/errors';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type Actor, writeAudit } from '../rooms/audit.ts';

/** Withdraws an invitation: no other place comes with it. Again changes nothing. @throws Refusal invitationInvalid */
export function revokeInvitation(
  { transact }: Database,
  { eventId, invitationId }: { eventId: string; invitationId: string },
  why: string,
  actor: Actor,
): Promise<void> {
  return transact('read committed', async (tx) => {
    const row = await tx
      .selectFrom('invitations')
      .select('revoked_at')
      .where('id', '=', invitationId)
      .where('event', '=', eventId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new Refusal('invitationInvalid');
    if (row.revoked_at !== null) return;
    await tx
      .updateTable('invitations')
      .set({ revoked_at: sql<Date>`sale_clock()` })
      .where('id', '=', invitationId)
      .execute();
    await writeAudit(tx, actor, {
      action: 'invitation.revoked',
      subject: eventId,
      was: {},
      became: { invitation: invitationId },
      why,
    });
  });
}
