import type { Tables } from '@onsale/shared/tables';
import { Redis } from 'ioredis';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { invariants } from './invariants/index.ts';
import { readLine } from './line-view.ts';
import type { Breach, Reader } from './sale.ts';
import { SETTLE_MS, settle } from './settle.ts';

/** Rows shown of each broken promise; the rest is counted. */
export const BREACHES_SHOWN = 20;

export interface AuditOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  /** One event; without it, all that have a room. */
  readonly event?: string;
  /** Wait until nothing is in flight, then judge what is unfinished as forgotten. Default true. */
  readonly atRest?: boolean;
  /** How long it waits for that at most. Default: what reconciliation may need. */
  readonly settleMs?: number;
}

export interface Verdict {
  readonly id: string;
  readonly rule: string;
  readonly promise: string;
  readonly broken: number;
  /** The first BREACHES_SHOWN of them. */
  readonly breaches: readonly Breach[];
}

export interface AuditReport {
  readonly events: readonly string[];
  readonly atRest: boolean;
  readonly clean: boolean;
  readonly verdicts: readonly Verdict[];
}

/**
 * Checks every promise on what Postgres and Redis hold now. Changes nothing: its Postgres session is read-only.
 * @throws when one of the two cannot be read, or the event is unknown.
 */
export async function auditSale(options: AuditOptions): Promise<AuditReport> {
  const { databaseUrl, redisUrl, redisPrefix, atRest = true, settleMs = SETTLE_MS } = options;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    options: '-c default_transaction_read_only=on',
  });
  // A connection that dies is told by its query; unheard, the event of one that is closing would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 3 });
  try {
    const events = await eventsOf(db, options.event);
    if (atRest) await settle(db, redis, redisPrefix, events, settleMs);
    const verdicts = await judge(db, redis, redisPrefix, events, atRest);
    return { events, atRest, clean: verdicts.every(({ broken }) => broken === 0), verdicts };
  } finally {
    redis.disconnect();
    await db.destroy();
  }
}

async function eventsOf(db: Reader, event: string | undefined): Promise<string[]> {
  const rows = await db.selectFrom('events').select('id').orderBy('id').execute();
  const ids = rows.map(({ id }) => id);
  if (event === undefined) return ids;
  if (!ids.includes(event)) throw new Error(`There is no event ${event}; there are: ${ids.join(', ')}`);
  return [event];
}

/** Redis first, then one moment of Postgres: what Redis shows was recorded before. */
async function judge(
  db: Kysely<Tables>,
  redis: Redis,
  prefix: string,
  events: readonly string[],
  atRest: boolean,
): Promise<Verdict[]> {
  const lines = new Map(
    await Promise.all(events.map(async (event) => [event, await readLine(redis, prefix, event)] as const)),
  );
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (moment) => {
      await sql`select 1`.execute(moment);
      const verdicts: Verdict[] = [];
      for (const { id, rule, promise, check } of invariants) {
        const breaches = await check({ db: moment, events, lines, atRest });
        verdicts.push({
          id,
          rule,
          promise,
          broken: breaches.length,
          breaches: breaches.slice(0, BREACHES_SHOWN),
        });
      }
      return verdicts;
    });
}
