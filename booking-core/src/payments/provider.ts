/** `pending`: the provider will take the money, or refuse, later. */
export type ChargeState = 'captured' | 'declined' | 'pending';

/**
 * Who takes the money: a system that is not ours. Every call may be slow, fail, or succeed without its answer reaching us;
 * so every call is safe to repeat, and none is made while a row is locked (PAY-3). Amounts are minor units.
 */
export interface Provider {
  readonly name: string;
  /** Takes the money once per id, however often it is called. */
  charge(id: string, amountMinor: number, method: string): Promise<ChargeState>;
  /** `unknown`: no charge of this id ever arrived there. */
  status(id: string): Promise<ChargeState | 'unknown'>;
  /** Gives money of a captured charge back, once per refund id. */
  refund(chargeId: string, amountMinor: number, refundId: string): Promise<void>;
}
