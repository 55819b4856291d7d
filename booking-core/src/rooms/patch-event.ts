import { Refusal } from '@onsale/shared/errors';
import type { EventPatch } from '@onsale/shared/http/internal';
import type { Database } from '../db/database.ts';
import { type Actor, writeAudit } from './audit.ts';

/**
 * Holds made from now on live so long; those that are there keep their end.
 * @throws Refusal eventUnknown
 */
export function patchEvent(
  { transact }: Database,
  eventId: string,
  { holdTtlMs }: EventPatch,
  actor: Actor,
): Promise<void> {
  return transact(async (tx) => {
    const was = await tx
      .selectFrom('events')
      .select('hold_ttl_ms as holdTtlMs')
      .where('id', '=', eventId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (was === undefined) throw new Refusal('eventUnknown');
    if (was.holdTtlMs === holdTtlMs) return;
    await tx.updateTable('events').set({ hold_ttl_ms: holdTtlMs }).where('id', '=', eventId).execute();
    await writeAudit(tx, actor, { action: 'event.changed', subject: eventId, was, became: { holdTtlMs } });
  });
}
