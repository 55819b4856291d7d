import type { PaymentMethod as PaymentMethodSchema } from '@onsale/shared/http/orders';
import type { z } from 'zod';

export type PaymentMethod = z.infer<typeof PaymentMethodSchema>;

/**
 * What one browser keeps of one event, so that a reload continues where it was. Every Idempotency-Key is kept before its
 * request is sent: a page that dies in between asks again with the same key and gets the same answer.
 */
export interface Kept {
  readonly placeToken: string | null;
  /** People ahead when the fan joined: where the progress bar begins. */
  readonly firstAhead: number | null;
  readonly session: { readonly token: string; readonly expiresAtMs: number } | null;
  readonly hold: {
    readonly key: string;
    readonly tierId: string;
    readonly quantity: number;
    readonly holdId: string | null;
  } | null;
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
  firstAhead: null,
  session: null,
  hold: null,
  order: null,
  payment: null,
  bought: [],
};

/** What is kept when a turn is over: the tickets that were bought, and who the fan is. */
export const afterTurn = (kept: Kept): Kept => ({
  ...nothingKept,
  placeToken: kept.placeToken,
  bought: kept.bought,
});

/** What is kept when the tickets were given back, and the session goes on. */
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
