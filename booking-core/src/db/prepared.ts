import pg from 'pg';

/** A parameter as it travels: text, or a Buffer of the type's binary form. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: ReadonlyArray<string | Buffer>;
}

/** A row as it travels: each column as Postgres writes it as text. */
export type Fields = ReadonlyArray<string | null>;

/** What a pooler answers whose next server does not know the name, or knows it from somebody else. */
const NOT_OURS = new Set(['26000', '42P05']);

const direct = new WeakMap<pg.PoolClient, boolean>();
const multiplexed = new WeakSet<pg.Pool>();

/**
 * Runs one statement in a transaction of its own. Parsed and planned once per connection where the connection is to
 * Postgres itself, else every time: behind a pooler the next transaction may be on another server, where the name means
 * nothing (PgBouncer 1.18 does not translate it).
 */
export async function queryPrepared(pool: pg.Pool, statement: Statement): Promise<Fields[]> {
  const client = await pool.connect();
  try {
    const named = !multiplexed.has(pool) && (direct.get(client) ?? (await reachesPostgres(client)));
    const rows = await exchange(client, named ? statement : { ...statement, name: '' });
    client.release();
    return rows;
  } catch (fault) {
    client.release(fault as Error);
    if (multiplexed.has(pool) || !isNotOurs(fault)) throw fault;
    multiplexed.add(pool);
    return queryPrepared(pool, statement);
  }
}

const exchange = (client: pg.PoolClient, statement: Statement): Promise<Fields[]> =>
  new Promise((resolve, reject) => {
    client.query(new Exchange(statement, (fault, rows) => (fault === null ? resolve(rows!) : reject(fault))));
  });

/** Of pg's own connection, what its types do not say. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  /** The names that the server knows, each with its text: pg writes it down when the server said so. */
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(statement: { name: string; text: string }): void;
  bind(portal: { statement: string; values: ReadonlyArray<string | Buffer> }): void;
  execute(portal: object): void;
  sync(): void;
}

/**
 * One statement by the extended protocol, as pg's own Query, without what a statement whose columns are known has no use
 * for: its description, types, and a result with fields. Of a hold alone pg's Query is a twelfth of the time
 * (docs/decisions/0010-what-a-claim-costs.md). pg calls the handlers; `callback` may be replaced by it (query_timeout).
 */
class Exchange implements pg.Submittable {
  readonly name: string;
  readonly text: string;
  callback: (fault: Error | null, rows?: Fields[]) => void;
  readonly #values: Statement['values'];
  readonly #rows: Fields[] = [];

  constructor({ name, text, values }: Statement, callback: Exchange['callback']) {
    this.name = name;
    this.text = text;
    this.callback = callback;
    this.#values = values;
  }

  submit(connection: unknown): null {
    const { name, text } = this;
    const wire = connection as Wire;
    wire.stream.cork();
    if (name === '' || wire.parsedStatements[name] === undefined) wire.parse({ name, text });
    wire.bind({ statement: name, values: this.#values });
    wire.execute({});
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleDataRow({ fields }: { fields: Fields }): void {
    this.#rows.push(fields);
  }

  handleError(fault: Error): void {
    this.callback(fault);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#rows);
  }

  handleCommandComplete(): void {}
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
