import type { AdmissionReason, Room, Stock } from '@onsale/shared/http/internal';

export interface Situation {
  policy: Pick<Room, 'open' | 'paused' | 'ratePerMinute' | 'capacity'>;
  line: { waiting: number };
  /** Offers and sessions that live now; `fresh` of the sessions were claimed within limits.freshShopperMs. */
  shoppers: { offers: number; sessions: number; fresh: number };
  /** Undefined while the core is away. */
  stock: Pick<Stock, 'total' | 'free' | 'sold' | 'blocked' | 'pressure'> | undefined;
}

export interface Decision {
  /** How many should go now, before the rate: the credit that is left is known to Redis alone, which clamps. */
  wish: number;
  /** What bounds the wish. `empty`: everyone who waits may go. */
  reason: AdmissionReason;
}

/**
 * How many fans to let in, and why not more: a function of what is given alone.
 *
 * Stock: whoever was let in is to find something. An offer, and a session so fresh that its shopper has not had the time
 * to take anything, count as one free ticket that is spoken for; no more are let in than free tickets are left beyond
 * those. Near the end this slows admission to what comes back, and since freshness passes, an idle shopper never keeps a
 * free ticket from the line for longer.
 *
 * A core that is away, or says that its pressure is full, admits nobody: what is taken could not be recorded.
 */
export function decide({ policy, line, shoppers, stock }: Situation): Decision {
  const nobody = (reason: AdmissionReason): Decision => ({ wish: 0, reason });
  if (!policy.open) return nobody('closed');
  if (stock !== undefined && isSoldOut(stock)) return nobody('soldOut');
  if (policy.paused) return nobody('paused');
  if (line.waiting === 0) return nobody('empty');
  if (stock === undefined || stock.pressure >= 1) return nobody('pressure');
  if (policy.ratePerMinute === 0) return nobody('rate');

  let decision: Decision = { wish: line.waiting, reason: 'empty' };
  const bound = (most: number, reason: AdmissionReason): void => {
    if (most < decision.wish) decision = { wish: Math.max(0, most), reason };
  };
  bound(policy.capacity - shoppers.offers - shoppers.sessions, 'capacity');
  bound(stock.free - shoppers.offers - shoppers.fresh, 'stock');
  return decision;
}

/** Every ticket is bought or blocked: nothing comes back but by a refund, or an operator. */
export const isSoldOut = ({ total, sold, blocked }: Pick<Stock, 'total' | 'sold' | 'blocked'>): boolean =>
  total > 0 && sold + blocked >= total;
