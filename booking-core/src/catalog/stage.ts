import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import type { Production } from './programme.ts';
import type { Block } from './stadium.ts';

/**
 * Puts one event on sale: venue, event, tiers, tickets, room. Nothing happens when the event is there already; two that
 * run at once meet at the event's primary key, and the second finds it there.
 * @returns whether it was new.
 */
export async function stage(tx: Tx, { venue, event, tiers, tickets, room }: Production): Promise<boolean> {
  await tx
    .insertInto('venues')
    .values(venue)
    .onConflict((c) => c.doNothing())
    .execute();
  const made = await tx
    .insertInto('events')
    .values({ ...event, venue: venue.id })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 0n) return false;

  await tx
    .insertInto('tiers')
    .values(tiers.map((tier) => ({ ...tier, event: event.id })))
    .execute();
  if ('blocks' in tickets) await insertSeats(tx, event.id, tickets.blocks);
  else if ('units' in tickets) await insertUnits(tx, event.id, tickets.units);
  else await copyTickets(tx, event.id, tickets.like);
  await tx
    .insertInto('rooms')
    .values({ ...room, event: event.id })
    .execute();
  return true;
}

/** In the order of the shape, so that ascending ids are neighbouring seats. */
async function insertSeats(tx: Tx, event: string, blocks: readonly Block[]): Promise<void> {
  await sql`insert into tickets (event, tier, section, "row", seat, distance, access)
    select ${event}, b.tier, b.prefix || (b.first + s), chr(64 + r), seat, b.distance + r - 1,
      case when r = b.rows and (s + 1) * b.accessible / b.sections > s * b.accessible / b.sections then
        case when seat in (1, 4) then 'companion' when seat in (2, 3) then 'wheelchair' end
      end
    from unnest(
      ${blocks.map((b) => b.tier)}::text[], ${blocks.map((b) => b.prefix)}::text[],
      ${blocks.map((b) => b.firstSection)}::int[], ${blocks.map((b) => b.sections)}::int[],
      ${blocks.map((b) => b.rows)}::int[], ${blocks.map((b) => b.seats)}::int[],
      ${blocks.map((b) => b.distance)}::int[], ${blocks.map((b) => b.accessible)}::int[]
    ) with ordinality b(tier, prefix, first, sections, rows, seats, distance, accessible, n),
      generate_series(0, b.sections - 1) s, generate_series(1, b.rows) r, generate_series(1, b.seats) seat
    order by b.n, s, r, seat`.execute(tx);
}

async function insertUnits(tx: Tx, event: string, units: Readonly<Record<string, number>>): Promise<void> {
  await sql`insert into tickets (event, tier)
    select ${event}, u.tier from unnest(${Object.keys(units)}::text[], ${Object.values(units)}::int[])
      with ordinality u(tier, units, n), generate_series(1, u.units)
    order by u.n`.execute(tx);
}

/** In their order, so that neighbours stay neighbours. */
async function copyTickets(tx: Tx, event: string, like: string): Promise<void> {
  await sql`insert into tickets (event, tier, section, "row", seat, access, distance)
    select ${event}, tier, section, "row", seat, access, distance from tickets where event = ${like} order by id`.execute(
    tx,
  );
}
