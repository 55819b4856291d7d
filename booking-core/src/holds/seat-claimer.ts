import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { Database } from '../db/database.ts';
import { type Became, type SeatBook, seatBook } from '../inventory/seats/book.ts';
import { readFree } from '../inventory/seats/free.ts';
import { type Layout, layoutOf, readSeats } from '../inventory/seats/layout.ts';
import { type Picker, pick, type Wish } from '../inventory/seats/wish.ts';
import { each, reused } from '../service/flight.ts';
import { type Batcher, batcher } from './batcher.ts';
import type { Claim, Proposal, Verdict } from './claim.ts';
import { type Insisted, insistOn, type SeatClaim } from './insist.ts';
import { noSuchSeats, seatsTaken } from './refusals.ts';
import { openTaken } from './taken.ts';

/** Of every verdict: `held`, `replay`, `mismatch`, `limit`, `revoked` or `cancelled`; what is `lost` is refused here. */
export interface SeatClaimer {
  /** The numbered seats of an event, read once: none of general admission. */
  layout(eventId: string): Promise<Layout>;
  /**
   * Takes these seats, all or none.
   * @throws Refusal seatsTaken naming all that are not free, overloaded
   */
  choose(eventId: string, seats: readonly number[], claim: Claim): Promise<Verdict>;
  /**
   * Takes the best seats that answer the wish.
   * @throws Refusal soldOut, notEnough, notTogether, overloaded
   */
  best(eventId: string, wish: Wish, claim: Claim): Promise<Verdict>;
  /** Claims that wait for the event's lock alone, of all events. */
  depth(): number;
}

export interface SeatClaimerOptions {
  readonly database: Database;
  /** Judges a proposal in the batches that all claims of an event share. */
  readonly judge: (eventId: string, proposal: Proposal) => Promise<Verdict>;
  readonly onReload: () => void;
  /** See layoutOf. */
  readonly tie?: () => number;
  /** See seatBook. */
  readonly choose?: Picker;
}

interface Seating {
  readonly book: SeatBook;
  readonly insisting: Batcher<SeatClaim, Insisted>;
}

export function openSeatClaimer({ database, judge, onReload, tie, choose }: SeatClaimerOptions): SeatClaimer {
  const open: Seating[] = [];
  const seatings = each((eventId) =>
    reused(async (): Promise<Seating> => {
      const layout = layoutOf(await readSeats(database.db, eventId), tie);
      const read = () => {
        onReload();
        return readFree(database.db, eventId);
      };
      const book = seatBook(layout, read, choose);
      await book.reload();
      const insisting = batcher<SeatClaim, Insisted>({
        judge: (batch) => insistOn(database, eventId, layout, batch),
        laneOf: ({ buyer }) => buyer,
        batchMax: limits.claimBatchMaxHolds,
        queueMax: limits.claimQueueMaxHolds,
        batchesInFlight: 1,
      });
      const seating = { book, insisting };
      open.push(seating);
      return seating;
    }, Number.POSITIVE_INFINITY),
  );
  const takenOf = openTaken(database.db);

  return {
    layout: async (eventId) => (await seatings(eventId)()).book.layout,
    depth: () => open.reduce((sum, { insisting }) => sum + insisting.depth(), 0),

    async choose(eventId, seats, claim) {
      const { book, insisting } = await seatings(eventId)();
      for (let attempt = 0; attempt <= limits.claimRetries; attempt++) {
        book.setAside(seats);
        const verdict = await settling(book, seats, () => judge(eventId, { ...claim, candidates: seats }));
        if (verdict.outcome !== 'lost') return verdict;
        const taken = await takenOf(seats);
        book.free(seats.filter((id) => !taken.includes(id)));
        // None: they came free since, and whoever asks for what is free gets it.
        if (taken.length > 0) throw seatsTaken(taken);
      }
      const indexes = seats.map((id) => book.layout.indexOf.get(id)!);
      const find: SeatClaim['find'] = ({ open }) =>
        indexes.every((seat) => open[seat] === 1) ? indexes : undefined;
      return insist(insisting, { ...claim, find }, ({ after: { view } }) => {
        const taken = seats.filter((_id, n) => view.open[indexes[n]!] !== 1);
        return taken.length > 0 ? seatsTaken(taken) : undefined;
      });
    },

    async best(eventId, wish, claim) {
      const { book, insisting } = await seatings(eventId)();
      for (let attempt = 0; attempt <= limits.claimRetries; attempt++) {
        // What was lost once is known seat by seat; who loses again does not know enough of the others.
        let read = attempt < 2 ? undefined : await book.reload();
        const step = book.sides.steps();
        let seats = book.pick(wish);
        if (seats === undefined && read === undefined) {
          read = await book.reload();
          seats = book.pick(wish);
        }
        // Such are there, but on their way for others just now: what becomes of those is known at the next read.
        if (seats === undefined && pick(read!.view, wish) !== undefined) continue;

        const candidates = seats ?? [];
        const verdict = await settling(book, candidates, () => judge(eventId, { ...claim, candidates }));
        if (verdict.outcome !== 'lost') return verdict;
        // Only a read that began after he asked, and found none, refuses him (BOOK-4).
        if (seats === undefined) throw noSuchSeats(wish, verdict, read!);
        book.sides.stepAside(step);
        if (attempt === 0) {
          const taken = await takenOf(seats);
          book.free(seats.filter((id) => !taken.includes(id)));
        }
      }
      return insist(insisting, { ...claim, find: (view) => pick(view, wish) }, ({ verdict, after }) =>
        pick(after.view, wish) === undefined ? noSuchSeats(wish, verdict, after) : undefined,
      );
    },
  };
}

/** Tells the book what became of seats that it set aside. */
async function settling(
  book: SeatBook,
  seats: readonly number[],
  judge: () => Promise<Verdict>,
): Promise<Verdict> {
  // Unknown whether they were taken, when it fails; the next reload tells.
  let became: Became = 'lost';
  try {
    const verdict = await judge();
    const { outcome } = verdict;
    became = outcome === 'held' || outcome === 'lost' ? outcome : 'unused';
    return verdict;
  } finally {
    book.settle(seats, became);
  }
}

/** @param refused why what was not found is not there; undefined: it was left by others of the batch, and is asked for once more. */
async function insist(
  insisting: Batcher<SeatClaim, Insisted>,
  claim: SeatClaim,
  refused: (insisted: Insisted) => Refusal | undefined,
): Promise<Verdict> {
  for (let attempt = 0; attempt <= limits.claimRetries; attempt++) {
    const insisted = await insisting.add(claim);
    if (insisted.verdict.outcome !== 'lost') return insisted.verdict;
    const refusal = refused(insisted);
    if (refusal !== undefined) throw refusal;
  }
  throw new Refusal('overloaded', { retryAfterMs: 1_000 });
}
