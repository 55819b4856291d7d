import { Refusal } from '@onsale/shared/errors';
import { printOf, uuidOf } from '@onsale/shared/ids';
import type { PaymentsTable } from '@onsale/shared/tables';
import { sql } from 'kysely';
import type { Database, Tx } from '../db/database.ts';

export interface Payment {
  readonly id: string;
  readonly amountMinor: number;
  readonly method: string;
  readonly state: PaymentsTable['state'];
}

export interface PaymentRequest {
  readonly orderId: string;
  readonly key: string;
  readonly provider: string;
  readonly method: string;
}

/**
 * Writes down that this payment is going to be asked for, before it is: whatever dies after this, the money can be found.
 * The hold's row is locked meanwhile, so that two orders of one hold, or two keys of one order, are never paid at once.
 * @returns the payment of this key; the one that was there already, if so.
 * @throws Refusal orderUnknown, idempotencyMismatch, orderClosed, eventCancelled, holdExpired, inFlight
 */
export function askPayment({ transact }: Database, request: PaymentRequest): Promise<Payment> {
  const { orderId, key, provider, method } = request;
  const id = uuidOf('payment', orderId, key);
  const print = printOf({ method });
  return transact(async (tx) => {
    await lockHold(tx, orderId);
    const found = await tx
      .selectFrom('payments')
      .select(['id', 'amount_minor as amountMinor', 'method', 'state', 'print'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (found !== undefined) {
      if (!found.print.equals(print)) throw new Refusal('idempotencyMismatch');
      return found;
    }
    const amountMinor = await payable(tx, orderId);
    await tx
      .insertInto('payments')
      .values({ id, order: orderId, provider, method, amount_minor: amountMinor, state: 'asked', print })
      .execute();
    return { id, amountMinor, method, state: 'asked' as const };
  });
}

async function lockHold(tx: Tx, orderId: string): Promise<void> {
  const { rows } = await sql`select from holds h join orders o on o.hold = h.id
    where o.id = ${orderId} for no key update of h`.execute(tx);
  if (rows.length === 0) throw new Refusal('orderUnknown');
}

interface Payable {
  readonly total: number;
  readonly state: string;
  readonly sold: boolean;
  readonly ended: boolean;
  readonly cancelled: boolean;
  readonly asked: boolean;
}

/** What the order costs, if it may be paid now. Read after the lock, by a clock read after it. */
async function payable(tx: Tx, orderId: string): Promise<number> {
  const { rows } = await sql<Payable>`
    select o.total_minor total, o.state, h.expires_at = 'infinity' sold, h.expires_at <= sale_clock() ended,
      e.cancelled_at is not null cancelled,
      exists (
        select from payments p join orders other on other.id = p."order"
        where other.hold = o.hold and p.state = 'asked'
      ) asked
    from orders o join holds h on h.id = o.hold join events e on e.id = o.event where o.id = ${orderId}`.execute(
    tx,
  );
  const { total, state, sold, ended, cancelled, asked } = rows[0]!;
  if (state !== 'pending' || sold) throw new Refusal('orderClosed');
  if (cancelled) throw new Refusal('eventCancelled');
  if (asked) {
    throw new Refusal('inFlight', {
      detail: 'A payment of these tickets is being worked on.',
      retryAfterMs: 1_000,
    });
  }
  if (ended) throw new Refusal('holdExpired');
  return total;
}
