import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { Tables } from '@onsale/shared/tables';
import { type IsolationLevel, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { isOutage, isRetryable } from './faults.ts';

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/**
 * The connections of one core process. Correct behind PgBouncer in transaction mode: no session state, no named statements,
 * no startup parameters.
 *
 * Isolation: everything here is read committed. Order comes from locks (the event's, a hold's row), and what is judged is
 * read by a statement after the lock, which at read committed sees all that was committed before it. A single statement
 * through `db` or `pool` is a transaction of its own at the database's default, which `migrate` settles (defaults.ts); and
 * under any other level the functions refuse rather than judge by a snapshot older than their lock
 * (migrations/0015_isolation.sql). docs/operations/transactions.md has each function with its locks and why.
 *
 * Bounds: limits.sqlStatementTimeoutMs for every statement, by the database's default, so behind PgBouncer too.
 */
export interface Database {
  readonly db: Db;
  readonly pool: pg.Pool;
  /** A transaction with the named lock and statement bounds, run again on deadlock and serialization failure. */
  transact<T>(isolation: IsolationLevel, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Repeats the work on deadlock and serialization failure, at most limits.sqlRetries times. It must be safe to repeat. */
  retrying<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * @param onRetry told the SQLSTATE of what is run again. @param connections of this process, limits.coreConnectionsMax by default
 * @param lockTimeoutMs for how long a statement of a transaction waits for a lock, and
 * @param statementTimeoutMs how long it may take, limits' for what a fan waits for by default
 */
export function openDatabase(
  databaseUrl: string,
  {
    onRetry = () => {},
    connections = limits.coreConnectionsMax,
    lockTimeoutMs = limits.sqlLockTimeoutMs,
    statementTimeoutMs = limits.sqlStatementTimeoutMs,
  }: {
    onRetry?: (code: string) => void;
    connections?: number;
    lockTimeoutMs?: number;
    statementTimeoutMs?: number;
  } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    min: Math.min(connections, limits.coreConnectionsKept),
    connectionTimeoutMillis: limits.sqlConnectTimeoutMs,
    // The client's own wall: a server that went silent answers no statement_timeout either.
    query_timeout: statementTimeoutMs + lockTimeoutMs,
    keepAlive: true,
  });
  // A connection that dies is replaced by the pool, and whoever was using it is told by his query. Unheard, the event
  // would end the process: the pool's for an idle connection, the client's own for one that dies between two statements.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

  const retrying = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const code = isRetryable(error);
        if (code === undefined || attempt > limits.sqlRetries) throw error;
        onRetry(code);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * 2 ** attempt));
      }
    }
  };

  return {
    db,
    pool,
    retrying,
    transact: (isolation, work) =>
      retrying(() =>
        db
          .transaction()
          .setIsolationLevel(isolation)
          .execute(async (tx) => {
            // Local to the transaction: behind PgBouncer the next one may be on another connection. The last one frees
            // the locks of a process that stands still between two statements.
            await sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true),
              set_config('statement_timeout', ${String(statementTimeoutMs)}, true),
              set_config('idle_in_transaction_session_timeout', ${String(limits.sqlIdleTransactionMs)}, true)`.execute(
              tx,
            );
            return work(tx);
          }),
      ),
    close: () => db.destroy(),
  };
}

/** What a client is told of a database that is away or too slow; anything else stays a fault of ours. */
export function refusalOf(fault: unknown): unknown {
  if (!isOutage(fault)) return fault;
  return new Refusal('unavailable', { retryAfterMs: limits.retryAfterOutageMs }, { cause: fault });
}
