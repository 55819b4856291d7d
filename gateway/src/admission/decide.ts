import type { AdmissionReason, Room, Stock } from '@onsale/shared/http/internal';
import type { RoomState } from '@onsale/shared/room-state';

/** Tickets that a fan of this event takes, on average and give or take. */
type PerFan = Pick<NonNullable<Stock['perFan']>, 'mean' | 'deviation'>;

export interface Situation {
  /** Of the doors, before stock is looked at. */
  state: Exclude<RoomState, 'soldOut'>;
  policy: Pick<Room, 'ratePerMinute' | 'capacity'>;
  line: { waiting: number };
  /** Offers and sessions that live now; `fresh` of the sessions are about to take tickets: claimed lately, and have none. */
  shoppers: { offers: number; sessions: number; fresh: number };
  /** Undefined while the core is away. */
  stock:
    | (Pick<Stock, 'total' | 'free' | 'sold' | 'blocked' | 'lapsing' | 'pressure'> & {
        perFan: PerFan | null;
      })
    | undefined;
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
 * Stock: whoever was let in is to find something (roomForBuyers). Who has an offer, or claimed lately and has taken nothing
 * yet, is about to take; all others in the shop have taken, or do not mean to, and keep no free ticket from the line.
 *
 * A core that is away, or says that its pressure is full, admits nobody: what is taken could not be recorded.
 */
export function decide({ state, policy, line, shoppers, stock }: Situation): Decision {
  const nobody = (reason: AdmissionReason): Decision => ({ wish: 0, reason });
  if (state === 'closed' || state === 'ended') return nobody(state);
  if (stock !== undefined && isSoldOut(stock)) return nobody('soldOut');
  if (state !== 'open') return nobody(state);
  if (line.waiting === 0) return nobody('empty');
  if (stock === undefined || stock.pressure >= 1) return nobody('pressure');
  if (policy.ratePerMinute === 0) return nobody('rate');

  let decision: Decision = { wish: line.waiting, reason: 'empty' };
  const bound = (most: number, reason: AdmissionReason): void => {
    if (most < decision.wish) decision = { wish: Math.max(0, most), reason };
  };
  bound(policy.capacity - shoppers.offers - shoppers.sessions, 'capacity');
  bound(roomForBuyers(stock) - shoppers.offers - shoppers.fresh, 'stock');
  return decision;
}

/** Of the normal distribution: what 1 in 20 exceeds. */
const Z95 = 1.645;

/**
 * How many fans who are about to take tickets the stock has room for: with 95 % the last of them finds at least one left
 * when all before him have taken as many as fans of this event took on average, give or take. One, then, while a single
 * ticket is there, and none when none is.
 *
 * There counts what is free, and what comes back before somebody who is let in now would look for it (limits.returnsAheadMs).
 * No-shows are no reason to let in more fans than there are tickets: fewer than one each is not reckoned with. While too few
 * turns are over to say, one each.
 */
export function roomForBuyers({
  free,
  lapsing,
  perFan,
}: Pick<Stock, 'free' | 'lapsing'> & { perFan: PerFan | null }): number {
  const mean = Math.max(1, perFan?.mean ?? 1);
  const deviation = perFan?.deviation ?? 0;
  // n before him take n·mean, give or take √n·deviation: solved for √n where with Z95 that is all there is.
  const spread = Z95 * deviation;
  const root = (Math.sqrt(spread ** 2 + 4 * mean * (free + lapsing)) - spread) / (2 * mean);
  // A sum of fractions: what exceeds a whole number by a billionth does not.
  return Math.ceil(Math.max(0, root ** 2 - 1e-9));
}

/** Every ticket is bought or blocked: nothing comes back but by a refund, or an operator. */
export const isSoldOut = ({ total, sold, blocked }: Pick<Stock, 'total' | 'sold' | 'blocked'>): boolean =>
  total > 0 && sold + blocked >= total;
