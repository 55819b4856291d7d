import { randomUUID } from 'node:crypto';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import type pg from 'pg';
import type { Sale } from '../../bin/stack/sale.ts';
import { SANDBOX_SIGNATURE } from '../../booking-core/src/payments/sandbox.ts';
import { signWebhook, webhookKeys } from '../../booking-core/src/payments/signature.ts';
import { until } from '../until.ts';
import { askFor, send } from './rough-fans.ts';
import type { Shopper } from './shoppers.ts';

export interface Ground {
  readonly sales: readonly Sale[];
  readonly db: pg.Pool;
}

export interface Purchase {
  readonly orderId: string;
  /** The request to pay, which waits for the provider. */
  readonly paying: Promise<unknown>;
}

/** Holds, orders and pays by a method whose money is taken when we say so. @returns once the provider was asked */
export async function buysSlowly({ sales, db }: Ground, fan: Shopper, method: string): Promise<Purchase> {
  const [sale] = sales as [Sale];
  const { body: held } = await askFor(sale, fan, 'slow');
  const { body: order } = await send<{ orderId: string; orderToken: string }>(sale, '/orders', {
    token: fan.session,
    cookie: fan.cookie,
    body: { holdId: held.holdId, name: 'A Fan', email: 'fan@example.org' },
  });
  const { orderId } = order;
  const paying = send(sale, `/orders/${orderId}/payments`, {
    token: order.orderToken,
    cookie: fan.cookie,
    body: { method },
  }).catch(() => {});
  await until(
    async () =>
      (
        await db.query('select from payments p join sandbox_charges c on c.id = p.id where p."order" = $1', [
          orderId,
        ])
      ).rowCount,
    { what: `the charge of order ${orderId}` },
  );
  return { orderId, paying };
}

/** The provider takes the money, and tells of it several times, everywhere. @returns once it is settled */
export async function isPaid({ sales, db }: Ground, { orderId, paying }: Purchase): Promise<void> {
  const { rows } = await db.query<{ id: string }>(
    `update sandbox_charges c set state = 'captured' from payments p where p.id = c.id and p."order" = $1 returning c.id`,
    [orderId],
  );
  const told = { eventId: randomUUID(), chargeId: rows[0]!.id, state: 'captured' };
  const bytes = new TextEncoder().encode(JSON.stringify(told));
  const tell = async ({ gatewayUrl, env }: Sale): Promise<void> => {
    const keys = webhookKeys(keyringOf(env.HMAC_KEYS!), 'sandbox');
    const { status } = await fetch(`${gatewayUrl}/api/v1/webhooks/sandbox`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [SANDBOX_SIGNATURE]: signWebhook(keys, bytes, Date.now()),
      },
      body: bytes,
    });
    if (status !== 204) throw new Error(`a webhook was answered ${status}`);
  };
  await Promise.all(sales.map(tell));
  await tell(sales[0]!);
  await paying;
  await until(
    async () =>
      (await db.query(`select from payments where id = $1 and state <> 'asked'`, [rows[0]!.id])).rowCount,
    { what: `order ${orderId} to be settled` },
  );
}
