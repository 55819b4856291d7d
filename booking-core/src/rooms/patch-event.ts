import { Refusal } from '@onsale/shared/errors';
import type { EventPatch } from '@onsale/shared/http/internal';
import type { Database } from '../db/database.ts';
import { type Actor, writeAudit } from './audit.ts';

/**
 * Changes how long holds made from now on live (those that are there keep their end), and until when orders may be given back.
 * @throws Refusal eventUnknown
 */
export function patchEvent(
  { transact }: Database,
  eventId: string,
  patch: EventPatch,
  actor: Actor,
): Promise<void> {
  return transact('read committed', async (tx) => {
    const row = await tx
      .selectFrom('events')
      .select(['hold_ttl_ms', 'cancel_until'])
      .where('id', '=', eventId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new Refusal('eventUnknown');
    const was = { holdTtlMs: row.hold_ttl_ms, cancelUntilMs: row.cancel_until?.getTime() ?? null };
    const became = {
      holdTtlMs: patch.holdTtlMs ?? was.holdTtlMs,
      cancelUntilMs: patch.cancelUntilMs === undefined ? was.cancelUntilMs : patch.cancelUntilMs,
    };
    const changed = (Object.keys(was) as Array<keyof typeof was>).filter((one) => became[one] !== was[one]);
    if (changed.length === 0) return;
    await tx
      .updateTable('events')
      .set({
        hold_ttl_ms: became.holdTtlMs,
        cancel_until: became.cancelUntilMs === null ? null : new Date(became.cancelUntilMs),
      })
      .where('id', '=', eventId)
      .execute();
    const only = (of: typeof was) => Object.fromEntries(changed.map((one) => [one, of[one]]));
    await writeAudit(tx, actor, {
      action: 'event.changed',
      subject: eventId,
      was: only(was),
      became: only(became),
    });
  });
}
