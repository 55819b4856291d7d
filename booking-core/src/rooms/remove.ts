import { Refusal } from '@onsale/shared/errors';
import type { Revocation } from '@onsale/shared/http/removals';
import type { Database, Tx } from '../db/database.ts';
import { type Actor, writeAudit } from './audit.ts';

/**
 * Takes a place out of an event's line for good, and ends the turns it has had: none of them makes a hold any more. Again
 * changes nothing. A place that never joined may be removed too: it is a function of who it would be.
 */
export function removePlace(
  { transact }: Database,
  eventId: string,
  { place, why }: { place: string; why: string },
  actor: Actor,
): Promise<void> {
  return transact('read committed', async (tx) => {
    const made = await tx
      .insertInto('removals')
      .values({ event: eventId, place, actor: actor.actor, why })
      .onConflict((c) => c.doNothing())
      .executeTakeFirst();
    const turns = await tx
      .selectFrom('admissions')
      .select('turn')
      .where('event', '=', eventId)
      .where('place', '=', place)
      .execute();
    for (const { turn } of turns) await endTurn(tx, eventId, { place, turn, why }, actor);
    if (made.numInsertedOrUpdatedRows === 0n) return;
    await writeAudit(tx, actor, {
      action: 'place.removed',
      subject: eventId,
      was: {},
      became: { place, turns: turns.map(({ turn }) => turn) },
      why,
    });
  });
}

/** Ends one turn. Again changes nothing. @throws Refusal placeUnknown when the place was never let in for it */
export function revokeTurn(
  { transact }: Database,
  eventId: string,
  { place, turn, why }: Revocation,
  actor: Actor,
): Promise<void> {
  return transact('read committed', async (tx) => {
    const admitted = await tx
      .selectFrom('admissions')
      .select('turn')
      .where('event', '=', eventId)
      .where('place', '=', place)
      .where('turn', '=', turn)
      .executeTakeFirst();
    if (admitted === undefined) throw new Refusal('placeUnknown');
    if (!(await endTurn(tx, eventId, { place, turn, why }, actor))) return;
    await writeAudit(tx, actor, {
      action: 'turn.revoked',
      subject: eventId,
      was: {},
      became: { place, turn },
      why,
    });
  });
}

/** @returns whether it had not been ended before */
async function endTurn(
  tx: Tx,
  event: string,
  { place, turn, why }: Revocation,
  { actor }: Actor,
): Promise<boolean> {
  const made = await tx
    .insertInto('revocations')
    .values({ event, place, turn, actor, why })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  return made.numInsertedOrUpdatedRows === 1n;
}
