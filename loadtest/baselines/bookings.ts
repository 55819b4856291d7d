import { limits } from '@onsale/shared/limits';
import pg from 'pg';
import type { Answer, Books, Sale } from './strategy.ts';

/**
 * What the baselines have in common: who booked how much. Leaner than our own holds (no tickets, no expiry, no print):
 * the difference is theirs to keep. The id is made from buyer and Idempotency-Key, so a repeat finds the first.
 */
export const BOOKINGS = `
  CREATE TABLE booking (
    id uuid PRIMARY KEY,
    buyer uuid NOT NULL,
    quantity integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );
`;

/** For designs whose limit is the sum of what is booked. */
export const BOOKINGS_OF_BUYER = 'CREATE INDEX booking_buyer ON booking (buyer);';

/** For designs that take no lock before the limit: one row a buyer, changed only while it stays within the limit. */
export const BUYERS = 'CREATE TABLE buyer (id uuid PRIMARY KEY, quantity integer NOT NULL);';

/**
 * The same bounds for everyone: as many connections as one core process has, its timeouts, and fsync as the server has it.
 * @param schema is run in an empty database only: in one that has it, a process that died has come back.
 */
export async function connect(databaseUrl: string, schema: string): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: limits.coreConnectionsMax,
    statement_timeout: limits.sqlStatementTimeoutMs,
    keepAlive: true,
  });
  // A connection that is ended while idle is no failure of a claim; unheard, the event would end the process.
  pool.on('error', () => {});
  const { rows } = await pool.query<{ there: boolean }>(`SELECT to_regclass('booking') IS NOT NULL AS there`);
  if (!rows[0]!.there) await pool.query(schema);
  return pool;
}

/** Books what the buyer may still have: the statement of designs of several trips. @returns false when over the limit, or booked before. */
export async function bookWithin(
  client: pg.PoolClient,
  [id, buyer, quantity]: readonly [id: string, buyer: string, quantity: number],
  buyerLimit: number,
): Promise<boolean> {
  const booked = await client.query({
    name: 'book',
    text: `WITH within AS (
             INSERT INTO buyer AS b VALUES ($2, $3)
             ON CONFLICT (id) DO UPDATE SET quantity = b.quantity + $3 WHERE b.quantity + $3 <= $4
             RETURNING 1)
           INSERT INTO booking (id, buyer, quantity) SELECT $1, $2, $3 FROM within ON CONFLICT DO NOTHING`,
    values: [id, buyer, quantity, buyerLimit],
  });
  return booked.rowCount === 1;
}

/** Whether a refusal is none, because the same ask was booked before. */
export async function isBooked(client: pg.PoolClient | pg.Pool, id: string): Promise<boolean> {
  const found = await client.query({
    name: 'booked',
    text: 'SELECT FROM booking WHERE id = $1',
    values: [id],
  });
  return found.rowCount === 1;
}

/** SQLSTATE by which the one-trip functions end a transaction that found nothing left, so that all of it is undone. */
export const NOTHING_LEFT = 'ON001';

/**
 * Runs a one-trip `claim` function, prepared once per connection. A connection that found nothing left is kept: the
 * pool's own `query` would close it, and the next buyer would pay for a new one.
 */
export async function claimInOneTrip(
  pool: pg.Pool,
  values: readonly [id: string, buyer: string, quantity: number],
): Promise<Answer> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<[Answer]>({
      name: 'claim',
      text: 'SELECT claim($1, $2, $3)',
      values: [...values],
      rowMode: 'array',
    });
    return rows[0]![0];
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === NOTHING_LEFT) return 'notEnough';
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

/** @param left what is still on sale, as a query of one number. */
export async function booksOf(pool: pg.Pool, sale: Sale, left: string): Promise<Books> {
  const { rows } = await pool.query<Books>(
    `SELECT count(*)::int AS holds, coalesce(sum(quantity), 0)::int AS held, (${left})::int AS left, 0 AS "heldTwice",
       (SELECT count(*)::int FROM (SELECT FROM booking GROUP BY buyer HAVING sum(quantity) > $1) AS greedy) AS "overLimit"
     FROM booking`,
    [sale.buyerLimit],
  );
  return rows[0]!;
}
