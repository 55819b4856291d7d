import type { HoldRequest } from '@onsale/shared/http/holds';
import type { SandboxMethod } from '@onsale/shared/http/orders';
import type { PickedSeat } from './seats.ts';

/** What the sandbox does, or what Stripe.js made of a card. */
export type PaymentMethod = SandboxMethod | `pm_${string}`;

/**
 * What one browser keeps of one event, so that a reload continues where it was. Every Idempotency-Key is kept before its
 * request is sent: a page that dies in between asks again with the same key and gets the same answer.
 */
export interface Kept {
  readonly placeToken: string | null;
  /** Code of an invitation, from a link or the fan's own hand. */
  readonly invitation: string | null;
  /** People ahead when the fan joined: where the progress bar begins. */
  readonly firstAhead: number | null;
  readonly session: {
    readonly token: string;
    readonly expiresAtMs: number;
    /** More time in the shop is given once a turn. */
    readonly mayRenew: boolean;
  } | null;
  /** Seats pointed at and not asked for yet. */
  readonly picked: readonly PickedSeat[];
  readonly hold: {
    readonly key: string;
    readonly wish: HoldRequest;
    readonly holdId: string | null;
  } | null;
  /** More time is given once a turn. The key stays with its hold, so that a lost answer is asked for again and not anew. */
  readonly extension: { readonly key: string; readonly holdId: string; readonly spent: boolean } | null;
  readonly order: {
    readonly key: string;
    readonly holdId: string;
    /** Needed to ask again with the same words; forgotten when the order is there. */
    readonly buyer: { readonly name: string; readonly email: string } | null;
    readonly access: OrderAccess | null;
  } | null;
  readonly payment: { readonly key: string; readonly method: PaymentMethod } | null;
  readonly bought: readonly OrderAccess[];
}

export interface OrderAccess {
  readonly orderId: string;
  readonly orderToken: string;
}

export const nothingKept: Kept = {
  placeToken: null,
  invitation: null,
  firstAhead: null,
  session: null,
  picked: [],
  hold: null,
  extension: null,
  order: null,
  payment: null,
  bought: [],
};

/** What is kept when a turn is over: the tickets that were bought, and who the fan is. */
export const afterTurn = (kept: Kept): Kept => ({
  ...nothingKept,
  placeToken: kept.placeToken,
  invitation: kept.invitation,
  bought: kept.bought,
});

/** What is kept when there is no place any more: who left, or is not known, begins anew. */
export const forgetPlace = ({ bought, invitation }: Kept): Kept => ({ ...nothingKept, bought, invitation });

/** What is kept when the tickets were given back, and the session goes on. More time that was given stays given. */
export const afterHold = (kept: Kept): Kept => ({ ...kept, hold: null, order: null, payment: null });

/** Reads what an earlier page wrote. Anything damaged counts as nothing. */
export function readKept(text: string | null): Kept {
  if (text === null) return nothingKept;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...nothingKept, ...value } : nothingKept;
  } catch {
    return nothingKept;
  }
}
