import type pg from 'pg';

/** Statements of one transaction, on one connection. @returns what `work` gives, committed, unless it gives `undone`. */
export async function transaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<{ commit: boolean; answer: T }>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const { commit, answer } = await work(client);
    await client.query(commit ? 'COMMIT' : 'ROLLBACK');
    return answer;
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    // A connection in the middle of a failed transaction is closed, not reused.
    client.release(broken);
  }
}
