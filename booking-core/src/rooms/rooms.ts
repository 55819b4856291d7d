import { isDeepStrictEqual } from 'node:util';
import { commitmentOf } from '@onsale/shared/draw';
import { Refusal } from '@onsale/shared/errors';
import type { Room, RoomPatch } from '@onsale/shared/http/internal';
import type { RoomsTable } from '@onsale/shared/tables';
import { type Selectable, sql, type Updateable } from 'kysely';
import type { Database, Db, Tx } from '../db/database.ts';
import { type Actor, writeAudit } from './audit.ts';
import { type RoomMoment, refuseEndBeforeOpening, refuseUnsettling } from './settled.ts';

/** Which column holds which setting of the policy. */
const columns = {
  open: 'open',
  paused: 'paused',
  ratePerMinute: 'rate_per_minute',
  capacity: 'capacity',
  claimWindowMs: 'claim_window_ms',
  sessionTtlMs: 'session_ttl_ms',
  orderMode: 'order_mode',
  opensAtMs: 'opens_at',
  endsAtMs: 'ends_at',
  priorityPercent: 'priority_percent',
  returningPercent: 'returning_percent',
  identity: 'identity',
  whenAway: 'when_away',
  message: 'message',
} as const satisfies Record<keyof RoomPatch, keyof RoomsTable>;
type Setting = keyof typeof columns;

/** A room's row, with what its event says of it, which never changes. */
export type RoomRow = Selectable<RoomsTable> & { readonly rehearsal: boolean };

export const roomOf = (row: RoomRow): Room => ({
  eventId: row.event,
  open: row.open,
  paused: row.paused,
  ratePerMinute: row.rate_per_minute,
  capacity: row.capacity,
  claimWindowMs: row.claim_window_ms,
  sessionTtlMs: row.session_ttl_ms,
  orderMode: row.order_mode,
  opensAtMs: row.opens_at?.getTime() ?? null,
  endsAtMs: row.ends_at?.getTime() ?? null,
  priorityPercent: row.priority_percent,
  returningPercent: row.returning_percent,
  identity: row.identity,
  whenAway: row.when_away,
  message: row.message,
  version: row.version,
  epoch: row.epoch,
  seed: row.seed,
  commitment: commitmentOf(row.seed),
  rehearsal: row.rehearsal,
});

/** What the column of a setting holds: moments as dates, texts by language as JSON. */
function columnValueOf(setting: Setting, value: RoomPatch[Setting]): unknown {
  if (value === null) return null;
  if (setting === 'opensAtMs' || setting === 'endsAtMs') return new Date(value as number);
  return setting === 'message' ? JSON.stringify(value) : value;
}

/** What the columns of a policy hold. */
export const columnsOf = (policy: RoomPatch): Updateable<RoomsTable> =>
  Object.fromEntries(
    (Object.keys(columns) as Setting[])
      .filter((setting) => policy[setting] !== undefined)
      .map((setting) => [columns[setting], columnValueOf(setting, policy[setting])]),
  );

export const selectRooms = (db: Db) =>
  db
    .selectFrom('rooms')
    .innerJoin('events', 'events.id', 'rooms.event')
    .selectAll('rooms')
    .select('rehearsal');

/** Every room but those that are retired. */
export async function listRooms(db: Db): Promise<Room[]> {
  return (await selectRooms(db).where('retired_at', 'is', null).orderBy('event').execute()).map(roomOf);
}

/** Of what stays when a room is retired. @throws Refusal eventUnknown */
export async function requireRoom(db: Db, eventId: string): Promise<void> {
  const row = await db.selectFrom('rooms').select('event').where('event', '=', eventId).executeTakeFirst();
  if (row === undefined) throw new Refusal('eventUnknown');
}

/** @throws Refusal eventUnknown, also of a room that is retired */
export async function readRoom(db: Db, eventId: string): Promise<Room> {
  const row = await selectRooms(db)
    .where('event', '=', eventId)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('eventUnknown');
  return roomOf(row);
}

/**
 * Changes the policy and writes down who did it. What is set to what it was already is no change: no new version, no entry.
 * @throws Refusal eventUnknown, orderSettled, malformed
 */
export function patchRoom(
  { transact }: Database,
  eventId: string,
  patch: RoomPatch,
  actor: Actor,
): Promise<Room> {
  return transact('read committed', async (tx) => {
    const { room: was, ...moment } = await lockRoom(tx, eventId);
    refuseUnsettling(was, patch, moment);
    const changed = (Object.keys(columns) as Setting[]).filter(
      (setting) => patch[setting] !== undefined && !isDeepStrictEqual(patch[setting], was[setting]),
    );
    if (changed.length === 0) return was;
    refuseEndBeforeOpening(was, patch);

    const row = await tx
      .updateTable('rooms')
      .set(columnsOf(Object.fromEntries(changed.map((setting) => [setting, patch[setting]]))))
      .set({ version: was.version + 1 })
      .where('event', '=', eventId)
      .returningAll()
      .executeTakeFirstOrThrow();
    const became = roomOf({ ...row, rehearsal: was.rehearsal });
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

/** @throws Refusal eventUnknown, also of a room that is retired */
export async function lockRoom(tx: Tx, eventId: string): Promise<{ room: Room } & RoomMoment> {
  const row = await selectRooms(tx)
    .where('event', '=', eventId)
    .where('retired_at', 'is', null)
    .forUpdate('rooms')
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('eventUnknown');
  // Read by a statement of its own, after the lock: the one before may have waited for it.
  const { rows } = await sql<{ nowMs: number }>`select epoch_ms(sale_clock()) "nowMs"`.execute(tx);
  return { room: roomOf(row), joinable: row.joinable_since !== null, nowMs: rows[0]!.nowMs };
}

/**
 * The room in its next epoch: Redis lost it, or never knew it. Asked again from the same epoch, it answers with the same.
 * @throws Refusal eventUnknown
 */
export async function beginEpoch({ db, retrying }: Database, eventId: string, from: number): Promise<Room> {
  const { rows } = await retrying(() =>
    sql<RoomRow>`select r.*, e.rehearsal from begin_epoch(${eventId}, ${from}) r join events e on e.id = r.event`.execute(
      db,
    ),
  );
  if (rows[0] === undefined) throw new Refusal('eventUnknown');
  return roomOf(rows[0]);
}
