import { type ProblemCode, Refusal } from '@onsale/shared/errors';
import type { Redeemed } from '@onsale/shared/http/invitations';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

const refusalOf = {
  invalid: 'invitationInvalid',
  spent: 'invitationSpent',
  over: 'invitationOver',
} as const satisfies Record<string, ProblemCode>;

/**
 * A place comes with an invitation: counted once for each place, also when it asks again or many come at once. In a room
 * for invited fans the place is the invitation's own, whoever brings it. The room must be there.
 * @param onUse is told of every outcome, for the metrics
 * @throws Refusal invitationInvalid, invitationSpent, invitationOver
 */
export async function redeem(
  { db, retrying }: Database,
  { eventId, invitationId }: { eventId: string; invitationId: string },
  { place, buyer }: { place: string; buyer: string },
  onUse: (outcome: string) => void,
): Promise<Redeemed> {
  const { rows } = await retrying(() =>
    sql<Omit<Redeemed, 'outcome'> & { outcome: Redeemed['outcome'] | keyof typeof refusalOf }>`
      select * from redeem_invitation(${eventId}, ${invitationId}, ${place}, ${buyer})`.execute(db),
  );
  const { outcome, ...whose } = rows[0]!;
  onUse(outcome);
  if (outcome !== 'new' && outcome !== 'already') throw new Refusal(refusalOf[outcome]);
  return { outcome, ...whose };
}
