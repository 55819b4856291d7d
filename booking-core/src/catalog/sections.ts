import { Refusal } from '@onsale/shared/errors';
import type { Section, SectionList, SectionSeats } from '@onsale/shared/http/seats';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** The sections of an event, closest to the stage first; none of general admission. One statement, one reading of the clock. */
export async function readSections(db: Db, eventId: string): Promise<SectionList> {
  const { rows } = await sql<Section & { at: Date }>`
    with clock as materialized (select sale_clock() at)
    select section, array_agg(distinct tier order by tier) "tierIds", count(distinct "row")::int rows,
      count(*)::int capacity, clock.at,
      (count(*) filter (where free_at <= clock.at and access is null))::int free,
      (count(*) filter (where free_at <= clock.at and access is not null))::int "accessibleFree"
    from clock left join tickets on event = ${eventId} and section is not null
    group by section, clock.at order by min(distance), min(id)`.execute(db);
  // Without a section there is one row all the same: the clock's.
  const sections = rows.flatMap(({ at: _at, ...section }) => (section.section === null ? [] : [section]));
  return { eventId, sections, asOfMs: rows[0]!.at.getTime() };
}

type Row = SectionSeats['rows'][number];

/** @throws Refusal sectionUnknown */
export async function readSection(db: Db, eventId: string, section: string): Promise<SectionSeats> {
  const { rows } = await sql<Row['seats'][number] & { row: string; at: Date }>`
    with clock as materialized (select sale_clock() at)
    select id "ticketId", "row", seat, tier "tierId", access, clock.at,
      case when free_at <= clock.at then 'free' when free_at = 'infinity' then 'gone' else 'held' end state
    from tickets, clock where event = ${eventId} and section = ${section}
    order by min(distance) over (partition by "row"), min(id) over (partition by "row"), seat`.execute(db);
  if (rows.length === 0) throw new Refusal('sectionUnknown');
  const byRow = new Map<string, Row>();
  for (const { row, at: _at, ...seat } of rows) {
    const one = byRow.get(row) ?? { row, seats: [] };
    one.seats.push(seat);
    byRow.set(row, one);
  }
  return { eventId, section, rows: [...byRow.values()], asOfMs: rows[0]!.at.getTime() };
}
