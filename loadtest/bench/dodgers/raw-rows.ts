import { onServer } from '../../../bin/stack/database.ts';

/** What a sale writes, table by table: what is inserted, and what it was changed to afterwards. */
const TABLES = [
  'batches',
  'admissions',
  'holds',
  'orders',
  'order_lines',
  'payments',
  'sandbox_charges',
  'mails',
  'audit',
] as const;
const BATCH = 500;

export interface RawRows {
  readonly rows: number;
  /** Of each round, ms. */
  readonly tookMs: readonly number[];
}

/**
 * The physical limit, no way of selling: the rows that the sale left, into tables of the same shape with the same indexes, so many
 * in one statement, one connection. Nothing is judged, and no ticket is taken.
 */
export async function insertSameRows(databaseUrl: string, rounds: number): Promise<RawRows> {
  return onServer(databaseUrl, async (client) => {
    const batches: { table: string; json: string }[] = [];
    let rows = 0;
    for (const table of TABLES) {
      const { rows: pages } = await client.query<{ json: string; count: number }>(
        `select json_agg(page)::text as json, count(*)::int as count
         from (select t.*, (row_number() over () - 1) / ${BATCH} as page_number from ${table} t) page group by page_number`,
      );
      for (const { json, count } of pages) {
        batches.push({ table, json });
        rows += count;
      }
    }
    const tookMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const table of TABLES)
        await client.query(`create table bare_${table} (like ${table} including all)`);
      await client.query('checkpoint');
      const from = performance.now();
      for (const { table, json } of batches) {
        await client.query({
          text: `insert into bare_${table} overriding system value select * from json_populate_recordset(null::${table}, $1)`,
          values: [json],
        });
      }
      tookMs.push(performance.now() - from);
      for (const table of TABLES) await client.query(`drop table bare_${table}`);
    }
    return { rows, tookMs };
  });
}
