import { randomUUID } from 'node:crypto';
import type { Order } from '@onsale/shared/http/orders';
import { describe, expect, test } from 'vitest';
import { reconcile } from '../src/payments/reconcile.ts';
import { stripeSale } from './stripe-sale.ts';

const given = stripeSale();
const { card, goesWrong, ordered, settleAll } = given;

describe('two providers', () => {
  const sandboxOrder = () => ordered(given.withSandbox);

  test('[PAY-27] a payment stays with whom it was made: settled, given back and reconciled there, whoever takes new ones', async () => {
    const lost = await ordered();
    goesWrong('confirm', 'lostAfter');
    const key = randomUUID();
    await lost.pay(card('pm_good'), key);
    const old = await sandboxOrder();
    await old.pay({ method: 'sandboxApprove' });
    await given.sale.database.db
      .insertInto('refunds')
      .values({ id: randomUUID(), payment: (await old.payment()).id, amount_minor: 100_00, why: 'a wish' })
      .execute();

    // The sandbox's core settles Stripe's, Stripe's core gives the sandbox's back.
    await reconcile(given.sale.database.db, given.withSandbox.payments, 0);
    expect(await lost.state()).toBe('paid');
    await settleAll();
    const { refunded_minor } = await given.sale.database.db
      .selectFrom('sandbox_charges')
      .select('refunded_minor')
      .where('id', '=', (await old.payment()).id)
      .executeTakeFirstOrThrow();
    expect(refunded_minor).toBe(100_00);
  });

  test("[PAY-27] another provider's way of paying is refused for new payments, and a repeat finds its own", async () => {
    const it = await ordered();
    expect((await it.pay({ method: 'sandboxApprove' })).body).toMatchObject({
      status: 422,
      code: 'methodNotOffered',
    });
    expect((await (await sandboxOrder()).pay(card('pm_good'))).body.code).toBe('methodNotOffered');
    expect((await it.pay({ method: 'stripeCard' })).body.code).toBe('malformed');
    expect(await it.payments()).toEqual([]);

    const key = randomUUID();
    await it.pay(card('pm_good'), key);
    const path = `/api/v1/orders/${it.order.orderId}/payments`;
    const again = await given.withSandbox.core.publicApp.request(path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${it.order.orderToken}`,
        'idempotency-key': key,
        'content-type': 'application/json',
      },
      body: JSON.stringify(card('pm_good')),
    });
    expect(((await again.json()) as Order).state).toBe('paid');
  });

  test('[PAY-28] the page is told who takes the money, and no secret', async () => {
    const read = async ({ core }: typeof given.withStripe) =>
      (await core.publicApp.request('/api/v1/payment-options')).json();
    expect(await read(given.withStripe)).toEqual({
      provider: 'stripe',
      stripePublishableKey: 'pk_test_standin',
    });
    expect(await read(given.withSandbox)).toEqual({ provider: 'sandbox' });
  });
});
