import { Refusal } from '@onsale/shared/errors';
import type { Invitation, InvitationTerms, NewInvitation } from '@onsale/shared/http/invitations';
import { printOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type Actor, writeAudit } from '../rooms/audit.ts';
import { invitationOf } from './invitation.ts';

/**
 * Writes invitations down. Their ids are functions of event, key and number, so the same key writes nothing again and is
 * answered with what there is now. The room must be there.
 * @throws Refusal idempotencyMismatch
 */
export function createInvitations(
  { transact }: Database,
  eventId: string,
  { terms, invitations }: { terms: InvitationTerms; invitations: readonly NewInvitation[] },
  actor: Actor,
): Promise<Invitation[]> {
  const { label, lane, usesMax, expiresAtMs } = terms;
  const print = printOf({
    terms: JSON.stringify([label, lane, usesMax, expiresAtMs]),
    all: JSON.stringify(invitations),
  });
  const ids = invitations.map(({ invitationId }) => invitationId);

  return transact('read committed', async (tx) => {
    const made = await tx
      .insertInto('invitations')
      .values(
        invitations.map(({ invitationId, subject, buyer, place }) => ({
          id: invitationId,
          event: eventId,
          label,
          lane,
          subject,
          buyer,
          place,
          uses_max: usesMax,
          expires_at: expiresAtMs === null ? null : new Date(expiresAtMs),
          print,
          created_at: sql<Date>`sale_clock()`,
        })),
      )
      .onConflict((c) => c.doNothing())
      .executeTakeFirst();
    const rows = await tx.selectFrom('invitations').selectAll().where('id', 'in', ids).execute();
    if (rows.length !== ids.length || rows.some((row) => !row.print.equals(print))) {
      throw new Refusal('idempotencyMismatch');
    }
    if (made.numInsertedOrUpdatedRows !== 0n) {
      await writeAudit(tx, actor, {
        action: 'invitations.created',
        subject: eventId,
        was: {},
        became: { count: ids.length, first: ids[0], label, lane, usesMax, expiresAtMs },
      });
    }
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => invitationOf(byId.get(id)!));
  });
}
