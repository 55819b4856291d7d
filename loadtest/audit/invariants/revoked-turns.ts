import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/**
 * A hold of a turn that was revoked was released with it, or sold before. A claim that had the event's lock while the revocation
 * waited for it may be younger, by no more than that wait.
 */
export const revokedTurns: Invariant = {
  id: 'revoked-turns',
  rule: 'ADM-33',
  promise: 'A turn that was revoked holds nothing any more, and made no hold afterwards',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      select * from (
        select h.event, h.place, h.turn, h.id as hold, case
          when not h.released and h.expires_at > sale_clock() and h.expires_at < 'infinity' then 'revoked, and held'
          when h.created_at > v.at + ${limits.sqlLockTimeoutMs} * interval '1 millisecond' then 'held after it was revoked'
          end as fault
        from revocations v join holds h on h.event = v.event and h.place = v.place and h.turn = v.turn
        where v.event = any(${events})
      ) judged where fault is not null`.execute(db);
    return rows;
  },
};
