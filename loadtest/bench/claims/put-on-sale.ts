import { programme } from '@onsale/booking-core/catalog/programme';
import { stage } from '@onsale/booking-core/catalog/stage';
import type { Database } from '@onsale/booking-core/db/database';
import { sql } from 'kysely';
import type { Sale } from '../../baselines/strategy.ts';

export const TIER = 'general';

/** What happened before the doors opened. */
export interface Past {
  /** Tickets sold already, besides those of the sale. */
  readonly soldTickets?: number;
  /** Holds that expired; the tickets they had were updated as often. With them the tables were never analyzed. */
  readonly expiredHolds?: number;
}

/** Puts one event of general admission on sale. */
export async function putOnSale(
  { transact, db }: Database,
  eventId: string,
  sale: Sale,
  { soldTickets = 0, expiredHolds = 0 }: Past = {},
): Promise<void> {
  const { venue, event, room } = programme[0]!;
  await transact('read committed', (tx) =>
    stage(tx, {
      venue,
      event: { ...event, id: eventId, admission: 'general', buyer_limit: sale.buyerLimit },
      tiers: [{ id: TIER, name: 'General admission', price_minor: 100_00, position: 1 }],
      tickets: { units: { [TIER]: sale.capacity + soldTickets } },
      room,
    }),
  );
  await sql`update tickets set free_at = 'infinity' where id in
    (select id from tickets where event = ${eventId} order by id limit ${soldTickets}::int)`.execute(db);
  // As the seed does; a history is for showing that nothing hangs on it.
  if (expiredHolds === 0) await sql`analyze tickets`.execute(db);
  else await live(db, eventId, expiredHolds);
}

/** A past of holds that ran out an hour ago: each of another buyer, tickets of the event in turn, tables never analyzed. */
async function live(db: Database['db'], eventId: string, holds: number): Promise<void> {
  await sql`alter table tickets set (autovacuum_enabled = off)`.execute(db);
  await sql`alter table holds set (autovacuum_enabled = off)`.execute(db);
  await sql`
    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at)
    select gen_random_uuid(), ${eventId}, gen_random_uuid(), substr(md5(n::text), 1, 22), 1, 1, '\\x00', array[first + n % units],
      now() - interval '1 hour'
    from (select min(id) first, count(*)::int units from tickets where event = ${eventId}) stock,
      generate_series(1, ${holds}::int) n`.execute(db);
  await sql`update tickets set hold = gen_random_uuid(), free_at = now() - interval '1 hour'
    where event = ${eventId}`.execute(db);
}
