import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { Database } from '../db/database.ts';
import { type Candidates, candidatesOf, findFree } from '../inventory/candidates.ts';
import { type Count, countOf, type Stock } from '../inventory/stock.ts';
import { openWalk } from '../inventory/walk.ts';
import { each } from '../service/flight.ts';
import { judgeApart } from './apart.ts';
import { type Batcher, batcher } from './batcher.ts';
import {
  type CertainVerdict,
  type Claim,
  claimCertainly,
  claimHolds,
  type Proposal,
  type Verdict,
} from './claim.ts';
import { notEnough, overLimit, refuseOutright } from './refusals.ts';

export interface Claimer {
  /**
   * Takes the tickets, all or none. Judged together with whoever asks at the same time.
   * @returns the verdict `held`, or `replay` with the hold as it is now.
   * @throws Refusal eventCancelled, sessionOver, idempotencyMismatch, buyerLimit, soldOut, notEnough, overloaded
   */
  claim(eventId: string, tierId: string, claim: Claim): Promise<Verdict>;
  /** Judges one proposal together with whoever asks at the same time. @throws Refusal overloaded */
  judge(eventId: string, proposal: Proposal): Promise<Verdict>;
  /** Claims that wait for their batch, of all events. */
  depth(): number;
}

/** What operators see of it. */
export interface ClaimWatch {
  /** @param lost holds of the batch whose proposed tickets were not all free: others were faster */
  judged(batchSize: number, tookMs: number, lost: number): void;
  reloaded(): void;
}

export function openClaimer(database: Database, stock: Stock, watch: ClaimWatch): Claimer {
  const walk = openWalk(database.db);
  const batches = new Map<string, { depth(): number }>();
  const timed = async <R extends readonly Verdict[]>(
    batch: ReadonlyArray<Claim & Partial<Proposal>>,
    work: () => Promise<R>,
  ): Promise<R> => {
    const beganMs = performance.now();
    const verdicts = await work();
    const lost = verdicts.filter(
      (verdict, at) => verdict.outcome === 'lost' && batch[at]!.candidates?.length,
    );
    watch.judged(batch.length, performance.now() - beganMs, lost.length);
    return verdicts;
  };
  const bounds = {
    laneOf: ({ buyer }: Claim) => buyer,
    batchMax: limits.claimBatchMaxHolds,
    queueMax: limits.claimQueueMaxHolds,
  };

  const proposals = each((eventId): Batcher<Proposal, Verdict> => {
    const made = batcher<Proposal, Verdict>({
      ...bounds,
      batchesInFlight: limits.claimBatchesInFlight,
      judge: (batch) =>
        timed(batch, () =>
          batch.length === 1
            ? claimHolds(database, eventId, batch)
            : judgeApart(batch, (apart) => claimHolds(database, eventId, apart)),
        ),
    });
    batches.set(eventId, made);
    return made;
  });

  const tierOf = each((key) => {
    const [eventId, tierId] = key.split('/') as [string, string];
    const certain = batcher<Claim, CertainVerdict>({
      ...bounds,
      batchesInFlight: 1,
      judge: (batch) => timed(batch, () => claimCertainly(database, eventId, tierId, batch)),
    });
    batches.set(key, certain);
    const candidates = candidatesOf(() => {
      watch.reloaded();
      return findFree(database.db, eventId, tierId);
    }, walk);
    return { candidates, certain };
  });

  return {
    judge: (eventId, proposal) => proposals(eventId).add(proposal),
    depth: () => [...batches.values()].reduce((sum, { depth }) => sum + depth(), 0),
    async claim(eventId, tierId, claim) {
      const { candidates, certain } = tierOf(`${eventId}/${tierId}`);
      const proposed = await propose(candidates, proposals(eventId), claim);
      const verdict = proposed ?? (await insist(certain, claim));
      refuseOutright(verdict);
      if (verdict.outcome === 'limit') {
        throw overLimit(verdict, countOf(await stock(eventId, limits.refusalStockMaxAgeMs), tierId));
      }
      return verdict;
    },
  };
}

/**
 * Proposes what is believed free. A verdict `lost` is not believed: the tier is read again first, and the fan is refused
 * only by a read that began after he asked and found too few (BOOK-4).
 * @returns undefined when the candidates were taken by others every time: nothing is proven yet.
 */
async function propose(
  candidates: Candidates,
  batch: Batcher<Proposal, Verdict>,
  claim: Claim,
): Promise<Verdict | undefined> {
  let tickets = candidates.take(claim.quantity);
  if (tickets === undefined) {
    await candidates.reloaded();
    tickets = candidates.take(claim.quantity);
  }
  for (let attempt = 0; attempt <= limits.claimRetries; attempt++) {
    let count: Count | undefined;
    if (tickets === undefined) {
      count = await candidates.reload();
      tickets = candidates.take(claim.quantity);
    }
    // Free ones are there, but all proposed for others who asked before: what becomes of those is waited for, or he would
    // go past them.
    if (tickets === undefined && count !== undefined && count.free >= claim.quantity) {
      await candidates.settled();
      continue;
    }

    const verdict = await judge(candidates, batch, claim, tickets);
    if (verdict.outcome !== 'lost') return verdict;
    if (tickets === undefined) throw notEnough(claim, verdict, count!);
    tickets = undefined;
  }
  return undefined;
}

async function judge(
  candidates: Candidates,
  batch: Batcher<Proposal, Verdict>,
  claim: Claim,
  tickets: readonly number[] = [],
): Promise<Verdict> {
  try {
    const verdict = await batch.add({ ...claim, candidates: tickets });
    const judged = verdict.outcome === 'held' || verdict.outcome === 'lost';
    candidates.settle(tickets, judged ? 'judged' : 'unused');
    return verdict;
  } catch (fault) {
    // Unknown whether they were taken; the next reload tells.
    candidates.settle(tickets, 'judged');
    throw fault;
  }
}

/** Lets the database choose under the lock, where nobody can be faster. */
async function insist(certain: Batcher<Claim, CertainVerdict>, claim: Claim): Promise<Verdict> {
  for (let attempt = 0; attempt <= limits.claimRetries; attempt++) {
    const verdict = await certain.add(claim);
    if (verdict.outcome !== 'lost') return verdict;
    // Others of the batch may have left what was set aside for them; then it is asked once more.
    if (verdict.after.free < claim.quantity) throw notEnough(claim, verdict, verdict.after);
  }
  throw new Refusal('overloaded', { retryAfterMs: 1_000 });
}
