import { Refusal } from '@onsale/shared/errors';
import type { Room } from '@onsale/shared/http/internal';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type Actor, writeAudit } from './audit.ts';
import { lockRoom, roomOf } from './rooms.ts';

/**
 * Another seed, which nobody chooses and nobody sees, while nobody may have joined: who had would have been drawn by the old one.
 * @throws Refusal eventUnknown, orderSettled
 */
export function drawNewSeed({ transact }: Database, eventId: string, actor: Actor): Promise<Room> {
  return transact('read committed', async (tx) => {
    const { room: was, joinable } = await lockRoom(tx, eventId);
    if (joinable) throw new Refusal('orderSettled');
    const row = await tx
      .updateTable('rooms')
      .set({ seed: sql<string>`default`, version: was.version + 1 })
      .where('event', '=', eventId)
      .returningAll()
      .executeTakeFirstOrThrow();
    const became = roomOf({ ...row, rehearsal: was.rehearsal });
    await writeAudit(tx, actor, {
      action: 'room.changed',
      subject: eventId,
      was: { commitment: was.commitment },
      became: { commitment: became.commitment },
    });
    return became;
  });
}
