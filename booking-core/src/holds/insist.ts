import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { type Read, readOf } from '../inventory/seats/book.ts';
import { readFree } from '../inventory/seats/free.ts';
import type { Layout } from '../inventory/seats/layout.ts';
import { type View, viewOf } from '../inventory/seats/view.ts';
import { type Claim, claimHoldsIn, type Verdict } from './claim.ts';

export interface SeatClaim extends Claim {
  /** Indexes of open seats that answer the request, undefined when there are none. */
  readonly find: (view: View) => readonly number[] | undefined;
}

export interface Insisted {
  readonly verdict: Verdict;
  /** The seats once the batch was judged. */
  readonly after: Read;
}

/**
 * Finds the seats under the event's lock, where nobody can be faster, and takes them: for claims whose seats were lost to
 * others again and again. One transaction; killed anywhere, nothing of it happened, or all.
 */
export function insistOn(
  { transact }: Database,
  eventId: string,
  layout: Layout,
  batch: readonly SeatClaim[],
): Promise<Insisted[]> {
  return transact('read committed', async (tx) => {
    await sql`select lock_event(${eventId})`.execute(tx);
    const before = readOf(layout, await readFree(tx, eventId));
    const left = viewOf(layout, before.view.open.slice());
    const proposals = batch.map((claim) => {
      const seats = claim.find(left) ?? [];
      left.put(seats, 0);
      return { ...claim, candidates: seats.map((seat) => layout.ids[seat]!) };
    });
    const verdicts = await claimHoldsIn(tx, eventId, proposals);
    // What was set aside for one who may not take more is free for the next.
    const lost = verdicts.some(({ outcome }) => outcome === 'lost');
    const after = lost ? readOf(layout, await readFree(tx, eventId)) : before;
    return verdicts.map((verdict) => ({ verdict, after }));
  });
}
