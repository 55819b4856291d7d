import pg from 'pg';
import { until } from '../../test/until.ts';

/** A transaction of a test's own, left open while something else runs into it. */
export async function openTransaction(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  /** Sessions of this database that wait: files run side by side, each in one of its own. The lock of a row names none. */
  const waiting = async (): Promise<number> => {
    const { rowCount } = await client.query(`select from pg_locks w where not granted and exists (
      select from pg_locks l where l.pid = w.pid
        and l.database = (select oid from pg_database where datname = current_database()))`);
    return rowCount!;
  };
  return {
    query: client.query.bind(client) as pg.Client['query'],
    async commit() {
      await client.query('commit');
      await client.end();
    },
    /** Until so many others of this database wait for a lock: its advisory ones are given in the order of asking. */
    async waitedForBy(count: number): Promise<void> {
      await until(async () => (await waiting()) === count, { what: `${count} to wait for a lock` });
    },
    /** Until the work has run into a lock, or has ended without. */
    async metBy(work: Promise<unknown>): Promise<void> {
      let ended = false;
      void work.finally(() => {
        ended = true;
      });
      await until(async () => ended || (await waiting()) > 0, {
        what: 'the work to meet the open transaction',
      });
    },
  };
}
