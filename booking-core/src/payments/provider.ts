/** `pending`: the provider will take the money, or refuse, later. The others are final. */
export type ChargeState = 'captured' | 'declined' | 'cancelled' | 'pending';
export type FinalState = Exclude<ChargeState, 'pending'>;

/** What a provider tells us of a charge by itself. */
export interface Delivery {
  /** The provider's own id of it: the same event sent twice has the same. */
  readonly eventId: string;
  readonly chargeId: string;
  /** When the provider wrote it; by now it may be old. */
  readonly state: ChargeState;
}

/**
 * Who takes the money: a system that is not ours. Every call may be slow, fail, or succeed without its answer reaching us;
 * so every call is safe to repeat, and none is made while a row is locked (PAY-3). Amounts are minor units.
 */
export interface Provider {
  readonly name: string;
  /** Takes the money once per id, however often it is called; none when the id was cancelled before. */
  charge(id: string, amountMinor: number, method: string): Promise<ChargeState>;
  /** `unknown`: no charge of this id ever arrived there. */
  status(id: string): Promise<ChargeState | 'unknown'>;
  /**
   * `cancelled`: no money of this charge is taken, now or ever. One that never arrived is cancelled too, so that one still
   * on its way takes nothing. `tooLate`: it was or will be taken all the same; the status says when.
   */
  cancel(id: string, amountMinor: number): Promise<'cancelled' | 'tooLate'>;
  /** Gives money of a captured charge back, once per refund id. */
  refund(chargeId: string, amountMinor: number, refundId: string): Promise<void>;
  /**
   * Reads what was delivered to our webhook route, once its signature over these very bytes is found right.
   * @throws Refusal webhookForged, malformed
   */
  webhook(headers: Headers, bytes: Uint8Array, nowMs: number): Delivery;
}
