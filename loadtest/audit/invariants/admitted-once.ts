import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

export const admittedOnce: Invariant = {
  id: 'admitted-once',
  rule: 'ADM-4',
  promise: 'Nobody is admitted twice for one turn, out of turn, or for more turns than there are',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      select a.event, a.place, a.turn, count(*)::int as times, 'recorded twice' as fault
      from admissions a where a.event = any(${events})
      group by a.event, a.place, a.turn having count(*) > 1
      union all
      select a.event, a.place, a.turn, 1, 'a turn too many'
      from admissions a where a.event = any(${events}) and (a.turn > ${limits.turnsMax} or a.turn < 1)
      union all
      select a.event, a.place, a.turn, 1, 'a turn without the one before it'
      from admissions a
      where a.event = any(${events}) and a.turn > 1 and not exists (
        select from admissions b where b.event = a.event and b.place = a.place and b.turn = a.turn - 1)`.execute(
      db,
    );
    return rows;
  },
};
