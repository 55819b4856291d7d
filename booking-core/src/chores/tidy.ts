import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/**
 * Removes holds that ran out long ago and that no order stands on. Behaviour does not depend on it: their tickets have
 * been on sale since, and only their Idempotency-Keys are forgotten with them.
 * @returns how many were removed, limits.tidyBatchMax at most.
 */
export async function tidy(db: Db, olderThanMs: number = limits.tidyAfterMs): Promise<number> {
  const result = await sql`delete from holds where id in (
    select h.id from holds h
    where h.expires_at < (select sale_clock()) - ${olderThanMs} * interval '1 millisecond'
      and not exists (select from orders o where o.hold = h.id)
    limit ${limits.tidyBatchMax}
  )`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
