import { Refusal } from '@onsale/shared/errors';
import type { Room, RoomPatch } from '@onsale/shared/http/internal';
import type { RoomsTable } from '@onsale/shared/tables';
import type { Selectable } from 'kysely';
import type { Database, Db, Tx } from '../db/database.ts';
import { type Actor, writeAudit } from './audit.ts';

/** Which column holds which setting of the policy. */
const columns = {
  open: 'open',
  paused: 'paused',
  ratePerMinute: 'rate_per_minute',
  capacity: 'capacity',
  claimWindowMs: 'claim_window_ms',
  sessionTtlMs: 'session_ttl_ms',
} as const satisfies Record<keyof RoomPatch, keyof RoomsTable>;
type Setting = keyof typeof columns;

const roomOf = (row: Selectable<RoomsTable>): Room => ({
  eventId: row.event,
  open: row.open,
  paused: row.paused,
  ratePerMinute: row.rate_per_minute,
  capacity: row.capacity,
  claimWindowMs: row.claim_window_ms,
  sessionTtlMs: row.session_ttl_ms,
  version: row.version,
});

export async function listRooms(db: Db): Promise<Room[]> {
  return (await db.selectFrom('rooms').selectAll().orderBy('event').execute()).map(roomOf);
}

/** @throws Refusal eventUnknown */
export async function readRoom(db: Db, eventId: string): Promise<Room> {
  const row = await db.selectFrom('rooms').selectAll().where('event', '=', eventId).executeTakeFirst();
  if (row === undefined) throw new Refusal('eventUnknown');
  return roomOf(row);
}

/**
 * Changes the policy and writes down who did it. What is set to what it was already is no change: no new version, no entry.
 * @throws Refusal eventUnknown
 */
export function patchRoom(
  { transact }: Database,
  eventId: string,
  patch: RoomPatch,
  actor: Actor,
): Promise<Room> {
  return transact(async (tx) => {
    const was = await lockRoom(tx, eventId);
    const changed = (Object.keys(columns) as Setting[]).filter(
      (setting) => patch[setting] !== undefined && patch[setting] !== was[setting],
    );
    if (changed.length === 0) return was;

    const row = await tx
      .updateTable('rooms')
      .set(Object.fromEntries(changed.map((setting) => [columns[setting], patch[setting]])))
      .set({ version: was.version + 1 })
      .where('event', '=', eventId)
      .returningAll()
      .executeTakeFirstOrThrow();
    const became = roomOf(row);
    const only = (room: Room) => Object.fromEntries(changed.map((setting) => [setting, room[setting]]));
    await writeAudit(tx, actor, {
      action: 'room.changed',
      subject: eventId,
      was: only(was),
      became: only(became),
    });
    return became;
  });
}

async function lockRoom(tx: Tx, eventId: string): Promise<Room> {
  const row = await tx
    .selectFrom('rooms')
    .selectAll()
    .where('event', '=', eventId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('eventUnknown');
  return roomOf(row);
}
