import type { Database } from '../db/database.ts';
import type { Count } from '../inventory/stock.ts';

/** A hold that is asked for. `id` is uuidOf('hold', event, buyer, key), `print` of the request's meaning. */
export interface Claim {
  readonly id: string;
  readonly buyer: string;
  readonly place: string;
  readonly turn: number;
  readonly quantity: number;
  readonly print: Buffer;
}

export interface Proposal extends Claim {
  /** As many as the quantity, or none: then only replay, limit and the like are judged. */
  readonly candidates: readonly number[];
}

/** Outcomes are those of claim_holds in migrations/0004_claims.sql. */
export interface Verdict {
  readonly outcome: 'held' | 'replay' | 'mismatch' | 'limit' | 'lost';
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

interface Row {
  n: number;
  outcome: Verdict['outcome'];
  tickets: number[] | null;
  expires_at: Date | number | null;
  released: boolean;
  had: number;
  buyer_limit: number;
  judged_at: Date;
}

/** One statement, unnamed: named ones break behind PgBouncer. */
const CLAIM = 'select * from claim_holds($1, $2, $3, $4, $5, $6, $7, $8, $9)';
const CLAIM_CERTAINLY = 'select * from claim_certainly($1, $2, $3, $4, $5, $6, $7, $8)';

export async function claimHolds(
  { pool, retrying }: Database,
  eventId: string,
  batch: readonly Proposal[],
): Promise<Verdict[]> {
  const offsets: Array<number | null> = [];
  const candidates: number[] = [];
  for (const proposal of batch) {
    offsets.push(proposal.candidates.length === 0 ? null : candidates.length);
    candidates.push(...proposal.candidates);
  }
  const { rows } = await retrying(() =>
    pool.query<Row>(CLAIM, [eventId, ...columnsOf(batch), offsets, candidates]),
  );
  return inOrder(rows).map(verdictOf);
}

/** Under the lock, with candidates that the database finds itself. The claims are all of one tier. */
export async function claimCertainly(
  { pool, retrying }: Database,
  eventId: string,
  tierId: string,
  batch: readonly Claim[],
): Promise<CertainVerdict[]> {
  const { rows } = await retrying(() =>
    pool.query<Row & Count>(CLAIM_CERTAINLY, [eventId, tierId, ...columnsOf(batch)]),
  );
  const ordered = inOrder(rows);
  const taken = ordered.reduce(
    (sum, { outcome }, at) => sum + (outcome === 'held' ? batch[at]!.quantity : 0),
    0,
  );
  return ordered.map((row) => ({
    ...verdictOf(row),
    after: { free: row.free - taken, held: row.held + taken, sold: row.sold },
  }));
}

const columnsOf = (batch: readonly Claim[]) => [
  batch.map(({ id }) => id),
  batch.map(({ buyer }) => buyer),
  batch.map(({ place }) => place),
  batch.map(({ turn }) => turn),
  batch.map(({ quantity }) => quantity),
  batch.map(({ print }) => print),
];

const inOrder = <R extends Row>(rows: R[]): R[] => rows.sort((a, b) => a.n - b.n);

const verdictOf = (row: Row): Verdict => ({
  outcome: row.outcome,
  tickets: row.tickets ?? [],
  expiresAtMs: Number(row.expires_at ?? 0),
  released: row.released,
  had: row.had,
  buyerLimit: row.buyer_limit,
  judgedAtMs: row.judged_at.getTime(),
});
