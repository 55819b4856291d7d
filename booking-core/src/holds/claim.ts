import { CompiledQuery } from 'kysely';
import { integerArray, textArray, uuidArray } from '../db/arrays.ts';
import type { Database, Tx } from '../db/database.ts';
import { type Fields, queryPrepared } from '../db/prepared.ts';
import type { Count } from '../inventory/stock.ts';

/** A hold that is asked for. `id` is uuidOf('hold', event, buyer, key), `print` of the request's meaning. */
export interface Claim {
  readonly id: string;
  readonly buyer: string;
  readonly place: string;
  readonly turn: number;
  readonly quantity: number;
  /** 16 bytes. */
  readonly print: Buffer;
}

export interface Proposal extends Claim {
  /** As many as the quantity, or none: then only replay, limit and the like are judged. */
  readonly candidates: readonly number[];
}

/** Outcomes are those of claim_holds in migrations/0024_lean_claims.sql, and `held`. */
export interface Verdict {
  readonly outcome: 'held' | 'replay' | 'mismatch' | 'limit' | 'lost' | 'revoked' | 'cancelled';
  /** Of `held` and `replay`. `Infinity` is sold. */
  readonly tickets: readonly number[];
  readonly expiresAtMs: number;
  readonly released: boolean;
  /** Tickets the buyer had in live holds and orders. */
  readonly had: number;
  readonly buyerLimit: number;
  readonly judgedAtMs: number;
}

export interface CertainVerdict extends Verdict {
  /** The tier once the batch was judged. */
  readonly after: Count;
}

/** A row of the SQL functions, in the order of their columns: as arrays they cost less than as objects. */
type Row = [
  n: number,
  outcome: Verdict['outcome'] | 'batch',
  tickets: number[] | null,
  expiresMs: number | null,
  released: boolean,
  had: number,
  buyerLimit: number,
  judgedMs: number,
];
type CertainRow = [...Row, free: number, held: number, sold: number];

const CLAIM = 'select * from claim_holds($1, $2, $3, $4, $5, $6, $7, $8, $9)';
const CLAIM_ONE = 'select claim_hold($1, $2, $3, $4, $5, $6, $7, $8)';
const CLAIM_CERTAINLY = 'select * from claim_certainly($1, $2, $3, $4, $5, $6, $7, $8)';

/** The row of claim_hold as Postgres writes it in one column: for one hold, seven cost both sides more than they say. */
const CLAIMED = /^\((\w+),(?:"?(\{[\d,]+\})"?)?,([^,]*),([tf]),(\d+),(\d+),(\d+)\)$/;

/** In one commit. One hold alone has a function of its own: what is made for many costs it a third of its time. */
export function claimHolds(
  { pool, retrying }: Database,
  eventId: string,
  batch: readonly Proposal[],
): Promise<Verdict[]> {
  if (batch.length > 1) {
    return judgeBy(eventId, batch, (text, values) =>
      retrying(async () => (await queryPrepared(pool, { name: 'claim_holds', text, values })).map(rowOf)),
    );
  }
  return retrying(async () => {
    const { id, buyer, place, turn, quantity, print, candidates } = batch[0]!;
    const tickets = `{${candidates.join()}}`;
    const values = [eventId, id, buyer, place, String(turn), String(quantity), print, tickets];
    const [row] = await queryPrepared(pool, { name: 'claim_hold', text: CLAIM_ONE, values });
    const [, ...fields] = CLAIMED.exec(row![0]!)!;
    const judged = rowOf(['1', ...fields]);
    const outcome = outcomeOf(judged);
    return [outcome === 'held' ? verdictOf(judged, outcome, candidates) : verdictOf(judged, outcome)];
  });
}

/** The same within a transaction, which has the event's lock. */
export function claimHoldsIn(tx: Tx, eventId: string, batch: readonly Proposal[]): Promise<Verdict[]> {
  return judgeBy(eventId, batch, async (text, values) => {
    const { rows } = await tx.executeQuery<object>(CompiledQuery.raw(text, values));
    return rows.map((row) => Object.values(row) as Row);
  });
}

async function judgeBy(
  eventId: string,
  batch: readonly Proposal[],
  query: (text: string, values: Array<string | Buffer>) => Promise<Row[]>,
): Promise<Verdict[]> {
  const offsets: Array<number | null> = [];
  const candidates: number[] = [];
  for (const proposal of batch) {
    offsets.push(proposal.candidates.length === 0 ? null : candidates.length);
    candidates.push(...proposal.candidates);
  }
  const values = [eventId, ...columnsOf(batch), integerArray(offsets), integerArray(candidates)];
  const rows = await query(CLAIM, values);
  const whole = rows.find(([n]) => n === 0)!;
  const others = new Map(rows.map((row) => [row[0], row]));
  return batch.map((proposal, at) => {
    const row = others.get(at + 1);
    return row === undefined ? verdictOf(whole, 'held', proposal.candidates) : verdictOf(row, outcomeOf(row));
  });
}

/** Under the lock, with candidates that the database finds itself. The claims are all of one tier. */
export async function claimCertainly(
  { pool, retrying }: Database,
  eventId: string,
  tierId: string,
  batch: readonly Claim[],
): Promise<CertainVerdict[]> {
  const values = [eventId, tierId, ...columnsOf(batch)];
  const { rows } = await retrying(() =>
    pool.query<CertainRow>({ text: CLAIM_CERTAINLY, values, rowMode: 'array' }),
  );
  const taken = rows.reduce((sum, row, at) => sum + (row[1] === 'held' ? batch[at]!.quantity : 0), 0);
  return rows.map((row) => {
    const [free, held, sold] = [row[8], row[9], row[10]];
    return { ...verdictOf(row, outcomeOf(row)), after: { free: free - taken, held: held + taken, sold } };
  });
}

/** The claims by column; the prints are one buffer. */
const columnsOf = (batch: readonly Claim[]) => [
  uuidArray(batch.map(({ id }) => id)),
  uuidArray(batch.map(({ buyer }) => buyer)),
  textArray(batch.map(({ place }) => place)),
  integerArray(batch.map(({ turn }) => turn)),
  integerArray(batch.map(({ quantity }) => quantity)),
  Buffer.concat(batch.map(({ print }) => print)),
];

/** @param fields of claim_holds, or of claim_hold, whose absent ones are undefined or empty */
const rowOf = ([n, outcome, tickets, expiresMs, released, had, buyerLimit, judgedMs]: ReadonlyArray<
  Fields[number] | undefined
>): Row => [
  Number(n),
  outcome as Row[1],
  tickets == null ? null : ticketsOf(tickets),
  expiresMs == null ? null : Number(expiresMs),
  released === 't',
  Number(had),
  Number(buyerLimit),
  Number(judgedMs),
];

/** Of an array literal. */
const ticketsOf = (literal: string): number[] => literal.slice(1, -1).split(',').map(Number);

const outcomeOf = (row: Row | CertainRow): Verdict['outcome'] => row[1] as Verdict['outcome'];

const verdictOf = (
  [, , ownTickets, expiresAtMs, released, had, buyerLimit, judgedAtMs]: Row | CertainRow,
  outcome: Verdict['outcome'],
  tickets: readonly number[] = ownTickets ?? [],
): Verdict => ({
  outcome,
  tickets,
  expiresAtMs: expiresAtMs ?? 0,
  released,
  had,
  buyerLimit,
  judgedAtMs,
});
