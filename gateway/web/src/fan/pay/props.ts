import type { PaymentMethod } from '../kept.ts';

/** What every way of paying is given. */
export interface PayFormProps {
  /** What the button says. */
  readonly label: string;
  readonly busy: boolean;
  readonly disabled: boolean;
  onPay(method: PaymentMethod): void;
}
