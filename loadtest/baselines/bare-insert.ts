import { randomBytes, randomUUID } from 'node:crypto';
import { limits } from '@onsale/shared/limits';
import pg from 'pg';

/**
 * The physical limit, no way of selling: the rows of our holds, into a table of the same shape with the same indexes, in
 * batches as large as ours, as many at once as the buyers fill. Nothing is judged, no ticket is taken, no buyer waits.
 */
export const BARE_INSERT = 'bare insert';

const TABLE = 'CREATE TABLE bare (LIKE holds INCLUDING ALL)';
const INSERT = `
  INSERT INTO bare (id, event, buyer, place, turn, quantity, print, tickets, expires_at)
  SELECT id, 'on-sale', buyer, place, turn, quantity, print,
    CASE quantity WHEN 1 THEN ARRAY[ticket] ELSE ARRAY[ticket, ticket + 1] END, now() + interval '10 minutes'
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::integer[], $6::bytea[], $7::integer[])
    AS row(id, buyer, place, turn, quantity, print, ticket)`;

type Batch = readonly unknown[][];

/** @param databaseUrl a migrated database. @returns rows per second. */
export async function bareInsert(
  databaseUrl: string,
  { rows, buyers }: { rows: number; buyers: number },
): Promise<number> {
  const size = limits.claimBatchMaxHolds;
  const writers = Math.max(1, Math.floor(buyers / size));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: writers });
  pool.on('error', () => {});
  try {
    await pool.query(TABLE);
    const warmUp = Array.from({ length: writers * 2 }, () => batchOf(size));
    await insertAll(pool, warmUp, writers);
    const batches = Array.from({ length: Math.ceil(rows / size) }, () => batchOf(size));
    const from = performance.now();
    await insertAll(pool, batches, writers);
    return (batches.length * size) / ((performance.now() - from) / 1_000);
  } finally {
    await pool.end();
  }
}

async function insertAll(pool: pg.Pool, batches: Batch[], writers: number): Promise<void> {
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < batches.length) {
      await pool.query({ name: 'insert', text: INSERT, values: [...batches[next++]!] });
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
}

/** Columns of one batch: holds of one and two tickets in turn. */
function batchOf(size: number): Batch {
  const column = <T>(make: (at: number) => T): T[] => Array.from({ length: size }, (_, at) => make(at));
  return [
    column(() => randomUUID()),
    column(() => randomUUID()),
    column(() => randomBytes(16).toString('base64url')),
    column(() => 1),
    column((at) => 1 + (at % 2)),
    column(() => randomBytes(16)),
    column((at) => 1 + at * 2),
  ];
}
