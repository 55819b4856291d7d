import { randomUUID } from 'node:crypto';
import type { Ask, Sale, Shop } from '../../baselines/strategy.ts';
import { type Demand, demandFor } from './demand.ts';

/** Measuring ends when so much of the stock is held: how the last tickets go is another question. */
const MEASURED_PART = 0.95;
/** That other question: the last hundredth. */
const LAST_PART = 0.99;

export interface RushOptions {
  /** Buyers at once. Each waits for the answer, then the next one comes in his place. */
  readonly buyers: number;
  /** How long is measured, after every first buyer was answered. Infinity: until all is sold. */
  readonly windowMs: number;
  /** When the doors are closed whatever happened. */
  readonly boundMs: number;
  readonly seed: number;
}

export interface Rush {
  /** Undefined when it was over before measuring began. */
  readonly holdsPerSecond: number | undefined;
  /** From when 99 % of the stock was held until the last hold. */
  readonly lastPartMs: number;
  /** What the buyers were told they have: every hold once, repeats not counted. */
  readonly holds: number;
  readonly tickets: number;
  /** Someone asked for one ticket and was told that there is none. */
  readonly soldOut: boolean;
  /** Repeats that were refused, and greed that was not. */
  readonly wrongAnswers: number;
}

/** Everyone at once at one shop, until the tickets are sold or the time is up. Buyers in flight are waited for. */
export async function rush(
  shop: Pick<Shop, 'claim'>,
  sale: Sale,
  { buyers, windowMs, boundMs, seed }: RushOptions,
): Promise<Rush> {
  const demand = demandFor(sale, { buyers, seed });
  const meter = meterOf({ warmUpHolds: buyers, windowMs, capacity: sale.capacity });
  let closed = performance.now() + boundMs;
  let soldOut = false;
  let wrongAnswers = 0;

  const buy = async (ask: Ask): Promise<void> => {
    const answer = await shop.claim(ask);
    if (answer === 'held') {
      closed = Math.min(closed, meter.count(ask.quantity));
      wrongAnswers += await comeBack(shop, demand, ask, sale);
    } else if (answer === 'overLimit') wrongAnswers += 1;
    else if (ask.quantity > 1) await buy({ ...ask, key: randomUUID(), quantity: 1 });
    else soldOut = true;
  };
  const stand = async (): Promise<void> => {
    while (!soldOut && performance.now() < closed) await buy(demand.next());
  };
  await Promise.all(Array.from({ length: buyers }, stand));
  return { ...meter.read(), soldOut, wrongAnswers };
}

/** Some ask again with the same key and must have the same; some want more than they may and must not. */
async function comeBack(shop: Pick<Shop, 'claim'>, demand: Demand, held: Ask, sale: Sale): Promise<0 | 1> {
  const then = demand.after(held);
  if (then === 'leave') return 0;
  if (then === 'repeat') return (await shop.claim(held)) === 'held' ? 0 : 1;
  const greed = { buyer: held.buyer, key: randomUUID(), quantity: sale.buyerLimit };
  return (await shop.claim(greed)) === 'held' ? 1 : 0;
}

interface Meter {
  /** One more hold. @returns when measuring is over, by performance.now(); Infinity while it has not begun. */
  count(tickets: number): number;
  read(): Pick<Rush, 'holdsPerSecond' | 'lastPartMs' | 'holds' | 'tickets'>;
}

/** Counts holds, and measures their rate from the end of the warm-up to the end of the window, the last tickets, or the last hold. */
function meterOf(bounds: { warmUpHolds: number; windowMs: number; capacity: number }): Meter {
  let [holds, tickets] = [0, 0];
  let from: { at: number; holds: number } | undefined;
  let to: { at: number; holds: number } | undefined;
  let closed = false;
  let lastPart: { from: number; to: number } | undefined;
  return {
    count(quantity) {
      const at = performance.now();
      holds += 1;
      tickets += quantity;
      if (tickets >= bounds.capacity * LAST_PART) lastPart = { from: lastPart?.from ?? at, to: at };
      if (from === undefined) {
        if (holds >= bounds.warmUpHolds) from = { at, holds };
        return Number.POSITIVE_INFINITY;
      }
      const end = from.at + bounds.windowMs;
      if (!closed) to = { at, holds };
      closed ||= at >= end || tickets >= bounds.capacity * MEASURED_PART;
      return end;
    },
    read() {
      const measured = from !== undefined && to !== undefined && to.at > from.at;
      const holdsPerSecond = measured ? (to!.holds - from!.holds) / ((to!.at - from!.at) / 1_000) : undefined;
      const lastPartMs = lastPart === undefined ? 0 : lastPart.to - lastPart.from;
      return { holdsPerSecond, lastPartMs, holds, tickets };
    },
  };
}
