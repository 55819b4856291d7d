import type { KnownTurn } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/**
 * The last turn of every place that was let in, and the places that were removed, a page at a time by place. A turn counts
 * as claimed for as long as a session of it may live at the latest, under the longest times that the room ever gave, and
 * renewed; whether it was claimed, Redis alone knew.
 */
export async function listTurns(
  db: Db,
  eventId: string,
  after: string,
): Promise<{ turns: KnownTurn[]; next: string | null }> {
  const { rows } = await sql<KnownTurn>`
    with was as (
      select greatest(r.claim_window_ms, max((a.was->>'claimWindowMs')::bigint)) window_ms,
        greatest(r.session_ttl_ms, max((a.was->>'sessionTtlMs')::bigint)) ttl_ms
      from rooms r left join audit a on a.action = 'room.changed' and a.subject = r.event
      where r.event = ${eventId} group by r.event
    ),
    longest as (
      select *, ttl_ms + least(ttl_ms * ${limits.sessionRenewalPercent} / 100, ${limits.sessionRenewalMaxMs}) session_ms from was
    ),
    paid as materialized (
      select h.place, h.turn from orders o join holds h on h.id = o.hold
      where o.event = ${eventId} and o.state in ('paid', 'partlyRefunded')
    ),
    turns as (
      select distinct on (a.place) a.place, a.turn, a.batch_id from admissions a
      where a.event = ${eventId} and a.place > ${after} order by a.place, a.turn desc
    ),
    known as (
      select t.place, t.turn, b.recorded_at offered_at,
        b.recorded_at + r.claim_window_ms * interval '1 millisecond' claim_by,
        b.recorded_at + (l.window_ms + l.session_ms) * interval '1 millisecond' until,
        case
          when exists (select from removals m where m.event = ${eventId} and m.place = t.place) then 'removed'
          when exists (
            select from revocations v where v.event = ${eventId} and v.place = t.place and v.turn = t.turn
          ) then 'revoked'
          when exists (select from paid p where p.place = t.place and p.turn = t.turn) then 'ordered'
        end ended
      from turns t join batches b on b.id = t.batch_id join rooms r on r.event = ${eventId}
        cross join longest l
      union all
      select m.place, 0, m.at, m.at, m.at, 'removed' from removals m
      where m.event = ${eventId} and m.place > ${after}
        and not exists (select from admissions a where a.event = ${eventId} and a.place = m.place)
    )
    select place, turn, coalesce(ended, case when until > now() then 'claimed' else 'expired' end) stage,
      epoch_ms(offered_at) "offeredAtMs", epoch_ms(claim_by) "claimByMs",
      case when ended is null and until > now() then epoch_ms(until) else 0 end "untilMs"
    from known order by place limit ${limits.turnsPageMax}`.execute(db);
  return { turns: rows, next: rows.length < limits.turnsPageMax ? null : rows.at(-1)!.place };
}
