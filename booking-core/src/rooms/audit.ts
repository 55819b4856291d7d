import type { Tx } from '../db/database.ts';

/** Who asked for a change. */
export interface Actor {
  readonly actor: string;
  readonly requestId?: string | undefined;
}

export interface Change {
  readonly action:
    | 'room.changed'
    | 'event.changed'
    | 'event.cancelled'
    | 'place.removed'
    | 'turn.revoked'
    | 'invitations.created'
    | 'invitation.revoked'
    | 'rehearsal.created'
    | 'rehearsal.ended'
    | 'loadTestToken.created';
  readonly subject: string;
  /** Only what changed. */
  readonly was: object;
  readonly became: object;
  readonly why?: string;
}

/** In the transaction of the change itself: neither is there without the other. */
export async function writeAudit(tx: Tx, { actor, requestId }: Actor, change: Change): Promise<void> {
  const { action, subject, was, became, why } = change;
  await tx
    .insertInto('audit')
    .values({
      actor,
      action,
      subject,
      was: JSON.stringify(was),
      became: JSON.stringify(became),
      why: why ?? null,
      request_id: requestId ?? null,
    })
    .execute();
}
