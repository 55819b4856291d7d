import type { PaymentOptions } from '@onsale/shared/http/payment-options';

/** `pending`: the provider will take the money, or refuse, later. The others are final. */
export type ChargeState = 'captured' | 'declined' | 'cancelled' | 'pending';
export type FinalState = Exclude<ChargeState, 'pending'>;

/** What a provider tells us of a charge by itself. */
export interface Delivery {
  /** The provider's own id of it: the same event sent twice has the same. */
  readonly eventId: string;
  /** Our id of the charge, when the provider told it; else its own, from which we find ours. */
  readonly chargeId: string | null;
  readonly reference: string | null;
  /** When the provider wrote it; by now it may be old. `other`: it says nothing of whether money was taken. */
  readonly state: ChargeState | 'other';
}

/** A charge, with all that is needed to ask for it again. */
export interface Charge {
  readonly id: string;
  readonly amountMinor: number;
  /** ISO 4217; amounts are in its minor unit. */
  readonly currency: string;
  readonly method: string;
  /** The provider's own id of it, as it was last read here; null when none was written down. */
  readonly reference: string | null;
}

/**
 * Writes a provider's own id of a charge down, once. Two who do it at once are told the same.
 * @returns what is written down: another's, if that came first
 */
export type Note = (reference: string) => Promise<string>;

/**
 * Who takes the money: a system that is not ours. Every call may be slow, fail, or succeed without its answer reaching us;
 * so every call is safe to repeat, and none is made while a row is locked (PAY-3). Amounts are minor units.
 */
export interface Provider {
  readonly name: string;
  /** What the page is told of it. */
  readonly offer: PaymentOptions;
  /**
   * Takes the money once per id, however often it is called; none when the id was cancelled before.
   * @throws Refusal unavailable when the provider does not take us for its customer: no money was taken, and none will be
   * before that is put right
   */
  charge(charge: Charge, note: Note): Promise<ChargeState>;
  /** `unknown`: nothing of this id arrived there that could take money by itself. */
  status(charge: Pick<Charge, 'id' | 'reference'>): Promise<ChargeState | 'unknown'>;
  /**
   * `cancelled`: no money of this charge is taken, now or ever. One that never arrived is cancelled too, so that one still
   * on its way takes nothing. `tooLate`: it was or will be taken all the same; the status says when.
   */
  cancel(charge: Charge, note: Note): Promise<'cancelled' | 'tooLate'>;
  /** Gives money of a captured charge back, once per refund id. */
  refund(charge: Charge, amountMinor: number, refundId: string): Promise<void>;
  /**
   * Reads what was delivered to our webhook route, once its signature over these very bytes is found right.
   * @returns null when it is about nothing that we use
   * @throws Refusal webhookForged, malformed
   */
  webhook(headers: Headers, bytes: Uint8Array, nowMs: number): Delivery | null;
}
