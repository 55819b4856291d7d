import { Refusal } from '@onsale/shared/errors';
import type { CancelledEvent, EventCancellation } from '@onsale/shared/http/refunds';
import { sql } from 'kysely';
import type { Database, Db } from '../db/database.ts';
import { type Actor, writeAudit } from '../rooms/audit.ts';
import { patchRoom } from '../rooms/rooms.ts';

/**
 * Ends an event. From the commit on nothing of it is paid for; then its doors close. Killed in between, asking again
 * closes them, and the chore refunds the orders in any case.
 * @throws Refusal eventUnknown
 */
export async function cancelEvent(
  database: Database,
  eventId: string,
  { why }: EventCancellation,
  actor: Actor,
): Promise<CancelledEvent> {
  await database.transact('read committed', async (tx) => {
    await sql`select lock_event(${eventId})`.execute(tx);
    const event = await tx
      .selectFrom('events')
      .select('cancelled_at')
      .where('id', '=', eventId)
      .executeTakeFirst();
    if (event === undefined) throw new Refusal('eventUnknown');
    if (event.cancelled_at !== null) return;
    await tx
      .updateTable('events')
      .set({ cancelled_at: sql<Date>`now()` })
      .where('id', '=', eventId)
      .execute();
    await writeAudit(tx, actor, {
      action: 'event.cancelled',
      subject: eventId,
      was: { cancelled: false },
      became: { cancelled: true },
      why,
    });
  });
  await patchRoom(database, eventId, { open: false }, actor);
  return readCancelled(database.db, eventId);
}

async function readCancelled(db: Db, eventId: string): Promise<CancelledEvent> {
  const { rows } = await sql<{ at: Date; orders: number }>`
    select e.cancelled_at at, (
      select count(*)::int from orders o where o.event = e.id and o.state in ('paid', 'partlyRefunded')
    ) orders
    from events e where e.id = ${eventId}`.execute(db);
  return { eventId, cancelledAtMs: rows[0]!.at.getTime(), ordersToRefund: rows[0]!.orders };
}
