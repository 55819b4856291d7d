import type { Forecast } from '@onsale/shared/forecast';
import type { Room, Stock } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import type { Look } from '../line/look.ts';
import { type Estimates, toldOf } from './estimates.ts';
import type { Memory } from './memory.ts';

/** Variance of a minute's count over its mean: slots are freed by chance, the rate is exact. */
const DISPERSION = { slots: 1, rate: 0.2 };
/**
 * Of held tickets, the part that is bought. Of those inside without tickets, the part that is still as likely to buy as any
 * who is let in: an offer that stands for long is a no-show's, and a shopper who has taken nothing for long looks around.
 */
const KEEPS = { mean: 0.75, deviation: 0.12 };
const UNDECIDED = { offers: 0.6, shoppers: 0.7, deviation: 0.2 };

type Policy = Pick<Room, 'ratePerMinute' | 'sessionTtlMs'>;

/**
 * Fans let in per minute, and for how long each keeps his slot. Null where admission follows what others do with their
 * tickets, or a core that takes no more: nobody can tell how long that takes.
 *
 * The rate is known, and what it really gave is measured where nothing else held it back; so a changed rate is in the
 * forecast with the tick that follows it. The capacity is another bound, judged by the time that a slot is kept.
 */
export function paceForecastOf(policy: Policy & Pick<Room, 'capacity'>, memory: Memory): Forecast['pace'] {
  if (memory.stalled > 0.5 || policy.ratePerMinute === 0) return null;
  const { rateKept, slotMinutes, slotDoubt } = toldOf(policy, memory);
  const perMinute = policy.ratePerMinute * rateKept;
  const dispersion = perMinute * slotMinutes > policy.capacity ? DISPERSION.slots : DISPERSION.rate;
  return {
    perMinute,
    deviation: Math.sqrt(perMinute * dispersion),
    slots: { minutes: slotMinutes, doubt: slotDoubt },
  };
}

export function crowdForecastOf(policy: Policy, memory: Memory): Forecast['crowd'] {
  const { turnout, turnoutDoubt, leaving, priority, returning }: Estimates = toldOf(policy, memory);
  return {
    turnout,
    doubt: turnoutDoubt,
    leavingPerMinute: leaving,
    byLane: { priority, returning, general: Math.max(0, 1 - priority - returning) },
  };
}

/** What is left to sell, and how much of it a fan takes. */
export function stockForecastOf(stock: Measured, memory: Memory, shoppers: Shoppers): Forecast['stock'] {
  const { free, held, heldUntilMs, perFan } = stock;
  const early = earlyPerFanOf(stock, memory, shoppers);
  const over = perFan && {
    mean: perFan.mean,
    deviation: perFan.deviation,
    doubt: perFan.mean === 0 ? 1 : perFan.deviation / perFan.mean / Math.sqrt(perFan.fans),
  };
  const best = over !== null && (early === null || over.doubt <= early.doubt) ? over : early;
  const spoken = {
    free: Math.min(free, undecidedOf(stock, shoppers) * (best?.mean ?? 1)),
    held: held * KEEPS.mean,
  };
  return { free, held, heldUntilMs, spoken, perFan: best };
}

type Measured = Pick<Stock, 'free' | 'held' | 'sold' | 'holders' | 'heldUntilMs' | 'perFan'>;
type Shoppers = Pick<Look, 'offers' | 'sessions'>;

/** Fans who were let in and have taken no tickets so far, as far as they will. */
const undecidedOf = ({ holders }: Measured, { offers, sessions }: Shoppers): number =>
  offers * UNDECIDED.offers + Math.max(0, sessions - holders) * UNDECIDED.shoppers;

/**
 * Long before the first turns are over: what is sold, and of what is held the part that is usually bought, by those who had
 * the time to decide.
 */
function earlyPerFanOf(
  stock: Measured,
  { admitted, soldBefore }: Memory,
  shoppers: Shoppers,
): { mean: number; deviation: number; doubt: number } | null {
  const undecided = undecidedOf(stock, shoppers);
  const decided = admitted - undecided;
  const sold = soldBefore === null ? 0 : stock.sold - soldBefore;
  const bought = sold + stock.held * KEEPS.mean;
  if (soldBefore === null || decided < limits.perFanMin || bought <= 0) return null;
  const mean = bought / decided;
  const doubt = Math.hypot(
    (stock.held * KEEPS.deviation) / bought,
    (undecided / decided) * (UNDECIDED.deviation / UNDECIDED.shoppers),
    1.3 / Math.sqrt(decided),
  );
  return { mean, deviation: Math.max(1, mean), doubt };
}
