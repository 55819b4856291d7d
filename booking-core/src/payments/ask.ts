import { Refusal } from '@onsale/shared/errors';
import { printOf, uuidOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Payment } from './payment.ts';

export interface PaymentWish {
  readonly orderId: string;
  readonly key: string;
  readonly provider: string;
  readonly method: string;
  /** The providers that new payments are made with. A repeat finds its payment whoever has it. */
  readonly takers: { readonly sale: string; readonly rehearsal: string };
}

/** Those of ask_payment in migrations/0022_ask_payment.sql. */
type Outcome =
  | 'asked'
  | 'orderUnknown'
  | 'mismatch'
  | 'methodNotOffered'
  | 'orderClosed'
  | 'eventCancelled'
  | 'inFlight'
  | 'holdExpired';

/**
 * Writes down that this payment is going to be asked for, before it is: whatever dies after this, the money can be found.
 * The hold's row is locked meanwhile, so that two orders of one hold, or two keys of one order, are never paid at once.
 * @returns the payment of this key; the one that was there already, if so.
 * @throws Refusal orderUnknown, idempotencyMismatch, methodNotOffered, orderClosed, eventCancelled, holdExpired, inFlight
 */
export async function askPayment({ db, retrying }: Database, wish: PaymentWish): Promise<Payment> {
  const { orderId, key, provider, method, takers } = wish;
  const id = uuidOf('payment', orderId, key);
  const { rows } = await retrying(() =>
    sql<Omit<Payment, 'id'> & { outcome: Outcome }>`
      select outcome, amount_minor "amountMinor", currency, method, reference, provider, state
      from ask_payment(${id}, ${orderId}, ${printOf({ method })}, ${method}, ${provider}, ${takers.sale}, ${takers.rehearsal})`.execute(
      db,
    ),
  );
  const { outcome, ...payment } = rows[0]!;
  switch (outcome) {
    case 'asked':
      return { id, ...payment };
    case 'mismatch':
      throw new Refusal('idempotencyMismatch');
    case 'inFlight':
      throw new Refusal('inFlight', {
        detail: 'A payment of these tickets is being worked on.',
        retryAfterMs: 1_000,
      });
    default:
      throw new Refusal(outcome);
  }
}
