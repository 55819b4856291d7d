import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import { sql } from 'kysely';
import type { Reader } from './sale.ts';

/** Reconciliation may need this long: an answer is waited for, missed, asked for, and the money given back. */
export const SETTLE_MS = limits.reconcileAfterMs + limits.reconcileEveryMs * 4;
const LOOK_EVERY_MS = 250;

/**
 * What is still in flight: batches of rooms that admit, payments without an answer, webhooks taken and not settled, refunds not
 * carried out or not decided.
 */
async function inFlight(
  db: Reader,
  redis: Redis,
  prefix: string,
  events: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select ((select count(*) from payments p join orders o on o.id = p."order"
              where p.state = 'asked' and o.event = any(${events}))
          + (select count(*) from refunds r join payments p on p.id = r.payment join orders o on o.id = p."order"
              where r.done_at is null and o.event = any(${events}))
          + (select count(*) from webhook_events w join payments p on p.id = w.payment and p.provider = w.provider
              join orders o on o.id = p."order" where w.settled_at is null and o.event = any(${events}))
          + (select count(*) from orders o join events e on e.id = o.event
              where e.cancelled_at is not null and o.state in ('paid', 'partlyRefunded')
                and o.event = any(${events})))::int as open`.execute(db);
  const ticking = await db
    .selectFrom('rooms')
    .where('event', 'in', events)
    .where('open', '=', true)
    .where('paused', '=', false)
    .select('event')
    .execute();
  const batches = await Promise.all(ticking.map(({ event }) => redis.exists(keysOf(prefix, event).batch)));
  return rows[0]!.open + batches.reduce((sum, found) => sum + found, 0);
}

/**
 * Waits until nothing is in flight, at most so long: what is unfinished then is judged as forgotten by the invariants.
 * It does not wait for holds, offers and sessions, whose end is a time and no work.
 */
export async function settle(
  db: Reader,
  redis: Redis,
  prefix: string,
  events: readonly string[],
  withinMs: number,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while ((await inFlight(db, redis, prefix, events)) > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
