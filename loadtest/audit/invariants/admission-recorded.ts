import { sql } from 'kysely';
import type { Breach, Invariant, Sale } from '../sale.ts';

/**
 * Nobody is let in unrecorded. Redis was read before Postgres, and an admission is recorded before it is offered, so
 * this holds at any moment, not only at rest. A hold of turn 0 is a comp's: comps.ts judges it.
 */
export const admissionRecorded: Invariant = {
  id: 'admission-recorded',
  rule: 'ADM-8',
  promise: 'Every offer, session and hold comes from a recorded admission',
  check: async (sale) => {
    const { rows } = await sql<Breach>`
      select h.event, h.place, h.turn, h.id as hold, 'held by someone who was not admitted' as fault
      from holds h left join admissions a on a.event = h.event and a.place = h.place and a.turn = h.turn
      where h.event = any(${sale.events}) and h.turn > 0 and a.place is null`.execute(sale.db);
    const unrecorded = await Promise.all(sale.events.map((event) => unrecordedIn(sale, event)));
    return [...rows, ...unrecorded.flat()];
  },
};

async function unrecordedIn({ db, lines }: Sale, event: string): Promise<Breach[]> {
  const { offers, sessions, turns } = lines.get(event)!;
  const admissions = await db
    .selectFrom('admissions')
    .where('event', '=', event)
    .select(['place', 'turn'])
    .execute();
  const recorded = new Set(admissions.map(({ place, turn }) => `${place}:${turn}`));
  const breaches: Breach[] = [];
  for (const [place, { turn, stage }] of turns) {
    // Turn 0: left, or taken out of the line, before the first.
    if (turn > 0 && !recorded.has(`${place}:${turn}`))
      breaches.push({ event, place, turn, fault: `${stage} without a recorded admission` });
  }
  for (const place of [...offers.keys(), ...sessions.keys()]) {
    if (!turns.has(place)) breaches.push({ event, place, turn: null, fault: 'let in without a turn' });
  }
  return breaches;
}
