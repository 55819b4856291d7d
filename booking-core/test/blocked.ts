import pg from 'pg';
import { until } from '../../test/until.ts';

/** A transaction of a test's own, left open while something else runs into it. */
export async function openTransaction(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  return {
    query: client.query.bind(client) as pg.Client['query'],
    async commit() {
      await client.query('commit');
      await client.end();
    },
    /** Until the work has run into a lock, or has ended without. */
    async metBy(work: Promise<unknown>): Promise<void> {
      let ended = false;
      void work.finally(() => {
        ended = true;
      });
      await until(
        async () => {
          if (ended) return true;
          const watcher = await client.query('select 1 from pg_locks where not granted');
          return watcher.rowCount !== 0;
        },
        { what: 'the work to meet the open transaction' },
      );
    },
  };
}
