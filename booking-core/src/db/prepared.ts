import pg from 'pg';

export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What a pooler answers whose next server does not know the name, or knows it from somebody else. */
const NOT_OURS = new Set(['26000', '42P05']);

const direct = new WeakMap<pg.PoolClient, boolean>();
const multiplexed = new WeakSet<pg.Pool>();

/**
 * Runs one statement in a transaction of its own; rows as arrays. Parsed and planned once per connection where the
 * connection is to Postgres itself, else every time: behind a pooler the next transaction may be on another server, where
 * the name means nothing (PgBouncer 1.18 does not translate it).
 */
export async function queryPrepared<Row extends unknown[]>(
  pool: pg.Pool,
  statement: Statement,
): Promise<Row[]> {
  const client = await pool.connect();
  try {
    const named = !multiplexed.has(pool) && (direct.get(client) ?? (await reachesPostgres(client)));
    const { name, text, values } = statement;
    const { rows } = await client.query<Row>({
      ...(named ? { name } : {}),
      text,
      values: values as unknown[],
      rowMode: 'array',
    });
    client.release();
    return rows;
  } catch (fault) {
    client.release(fault as Error);
    if (multiplexed.has(pool) || !isNotOurs(fault)) throw fault;
    multiplexed.add(pool);
    return queryPrepared(pool, statement);
  }
}

const isNotOurs = (fault: unknown): boolean =>
  fault instanceof pg.DatabaseError && NOT_OURS.has(fault.code ?? '');

/** A pooler gives its clients keys of its own: the process that answers is another than the one that was announced. */
async function reachesPostgres(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() pid');
  const announced = (client as { processID?: number | null }).processID;
  const is = rows[0]!.pid === announced;
  direct.set(client, is);
  return is;
}
