import { Refusal } from '@onsale/shared/errors';
import type { RehearsalState } from '@onsale/shared/http/rehearsals';
import { sql } from 'kysely';
import type { Database, Db } from '../db/database.ts';
import { type Actor, writeAudit } from '../rooms/audit.ts';
import { roomOf, selectRooms } from '../rooms/rooms.ts';

type Ended = RehearsalState & { endedAtMs: number };

/**
 * Ends a rehearsal for good: its doors are shut, and its room is found by nobody any more. What was sold stays, holds run out by
 * themselves, and the line in Redis is taken away by the admission worker when it sees this. Again, it changes nothing.
 * @throws Refusal eventUnknown, notARehearsal
 */
export async function endRehearsal(
  { transact, db }: Database,
  eventId: string,
  actor: Actor,
): Promise<Ended> {
  await transact('read committed', async (tx) => {
    // No policy changes any more once this has the row: whoever waits for it finds it retired.
    const row = await selectRooms(tx).where('event', '=', eventId).forUpdate('rooms').executeTakeFirst();
    if (row === undefined) throw new Refusal('eventUnknown');
    if (!row.rehearsal) throw new Refusal('notARehearsal');
    if (row.retired_at !== null) return;
    await tx
      .updateTable('rooms')
      .set({ open: false, version: row.version + 1, retired_at: sql<Date>`now()` })
      .where('event', '=', eventId)
      .execute();
    await writeAudit(tx, actor, {
      action: 'rehearsal.ended',
      subject: eventId,
      was: { open: row.open },
      became: { open: false },
    });
  });
  return (await readRehearsal(db, eventId)) as Ended;
}

/** @throws Refusal eventUnknown, notARehearsal */
export async function readRehearsal(db: Db, eventId: string): Promise<RehearsalState> {
  const row = await selectRooms(db).where('event', '=', eventId).executeTakeFirst();
  if (row === undefined) throw new Refusal('eventUnknown');
  if (!row.rehearsal) throw new Refusal('notARehearsal');
  return { room: roomOf(row), endedAtMs: row.retired_at?.getTime() ?? null };
}
