import type { Database } from '@onsale/booking-core/db/database';
import { sql } from 'kysely';

/** Free seats that anyone may have, and those of them with no such seat beside: of no use to two who want to sit together. */
export interface Left {
  readonly free: number;
  readonly singles: number;
  readonly accessibleFree: number;
}

export async function leftIn({ db }: Database): Promise<Left> {
  const { rows } = await sql<Left>`
    with free as (
      select access, seat - lag(seat) over beside before, lead(seat) over beside - seat behind
      from tickets where free_at <= (select sale_clock())
      window beside as (partition by access, tier, section, "row" order by seat)
    )
    select (count(*) filter (where access is null))::int free,
      (count(*) filter (where access is null and before is distinct from 1 and behind is distinct from 1))::int singles,
      (count(*) filter (where access is not null))::int "accessibleFree"
    from free`.execute(db);
  return rows[0]!;
}

/** What was broken, as the rows say: seats in two holds, holds without all of their seats, or not beside each other. */
export async function faultsIn({ db }: Database, { together }: { together: boolean }): Promise<string[]> {
  const { rows } = await sql<{ twice: number; parted: number; apart: number }>`
    with live as materialized (select id, tickets, quantity from holds where expires_at > (select sale_clock()))
    select
      (select count(*) from (select from live, unnest(tickets) ticket group by ticket having count(*) > 1) twice)::int twice,
      (select count(*) from live where quantity <> (
        select count(*) from tickets t where t.id = any (live.tickets) and t.hold = live.id))::int parted,
      (select count(*) from live where (
        select count(distinct (tier, section, "row")) > 1 or max(seat) - min(seat) + 1 <> live.quantity
        from tickets t where t.id = any (live.tickets)))::int apart`.execute(db);
  const { twice, parted, apart } = rows[0]!;
  return [
    ...(twice > 0 ? [`${twice} seats in two holds`] : []),
    ...(parted > 0 ? [`${parted} holds without all of their seats`] : []),
    ...(together && apart > 0 ? [`${apart} holds not beside each other`] : []),
  ];
}
