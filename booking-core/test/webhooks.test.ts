import { randomUUID } from 'node:crypto';
import { limits } from '@onsale/shared/limits';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cancelLapsing } from '../src/payments/lapsing.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { SANDBOX_SIGNATURE } from '../src/payments/sandbox.ts';
import { signWebhook, webhookKeys } from '../src/payments/signature.ts';
import { brokenPromises, unsettledMoney } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

const HOLD_TTL_MS = 60_000;
/** The provider answers so late, and nobody waits for it. */
const SLOW_MS = 300;
let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale({ slowMs: SLOW_MS, waitMs: 100 });
  event = await sale.putOnSale({ tiers: { a: 500 }, buyerLimit: 4, holdTtlMs: HOLD_TTL_MS });
});
afterAll(() => sale.close());
afterEach(async () => {
  sale.provider.mishaps.length = 0;
  sale.provider.beforeCharge = async () => {};
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(sale.faults).toEqual([]);
});

/** An order whose payment is asked for and pending. */
async function pendingOrder(method: string, eventId = event) {
  const buyer = shopper(sale, eventId);
  const { body: hold } = await buyer.hold(2);
  const { body: order } = await buyer.order(hold.holdId);
  const key = randomUUID();
  const paid = await buyer.pay(order, { method, key });
  expect([paid.status, paid.body.state]).toEqual([200, 'pending']);
  const { id: payment } = await sale.database.db
    .selectFrom('payments')
    .select('id')
    .where('order', '=', order.orderId)
    .executeTakeFirstOrThrow();
  return { buyer, hold, order, payment, key, state: async () => (await buyer.lookOrder(order)).body.state };
}

async function post(body: object | string, signature?: string, provider = 'sandbox') {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const signed = signature ?? signWebhook(webhookKeys(sale.ring, 'sandbox'), bytes, Date.now());
  const response = await sale.cores[0]!.publicApp.request(`/api/v1/webhooks/${provider}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [SANDBOX_SIGNATURE]: signed },
    body: bytes,
  });
  const text = await response.text();
  return { status: response.status, code: text === '' ? undefined : JSON.parse(text).code };
}

const deliveredUntil = (state: () => Promise<unknown>) =>
  expect
    .poll(
      async () => {
        await sale.deliver();
        return state();
      },
      { timeout: 10_000 },
    )
    .toBe('paid');

const inboxOf = (payment: string) =>
  sale.database.db
    .selectFrom('webhook_events')
    .select(['state', 'settled_at'])
    .where('payment', '=', payment)
    .execute();

describe('what the provider tells by itself', () => {
  test.for(['sandboxSlow', 'sandboxWebhookTwice', 'sandboxWebhookMixed'])(
    '[PAY-8] settles a payment without asking: %s',
    async (method) => {
      const it = await pendingOrder(method);
      const asked = sale.provider.calls.filter(({ id }) => id === it.payment).length;
      await deliveredUntil(it.state);
      // Duplicates and old news come after it.
      await expect
        .poll(
          async () => {
            await sale.deliver();
            const left = await sale.database.db
              .selectFrom('sandbox_events')
              .select('id')
              .where('charge', '=', it.payment)
              .where('deliveries_left', '>', 0)
              .execute();
            return left.length;
          },
          { timeout: 10_000 },
        )
        .toBe(0);
      expect(await it.state()).toBe('paid');
      expect(sale.provider.calls.filter(({ id }) => id === it.payment)).toHaveLength(asked);
      const inbox = await inboxOf(it.payment);
      expect(inbox).toHaveLength(method === 'sandboxWebhookMixed' ? 2 : 1);
      expect(inbox.every(({ settled_at }) => settled_at !== null)).toBe(true);
      expect(await unsettledMoney(sale.database)).toEqual([]);
    },
  );

  test('[PAY-8] [PAY-4] that comes much later or never is not waited for; coming at last, it changes nothing', async () => {
    const late = await pendingOrder('sandboxWebhookLate');
    const lost = await pendingOrder('sandboxWebhookLost');
    for (const it of [late, lost]) {
      await expect
        .poll(
          async () => {
            await reconcile(sale.database.db, sale.payments, 0);
            return it.state();
          },
          { timeout: 10_000 },
        )
        .toBe('paid');
    }
    expect(await sale.deliver()).toBe(0);
    await sale.database.db
      .updateTable('sandbox_events')
      .set({ deliver_at: new Date() })
      .where('charge', '=', late.payment)
      .execute();
    expect(await sale.deliver()).toBe(1);
    expect(await late.state()).toBe('paid');
    expect(await unsettledMoney(sale.database)).toEqual([]);
  });

  test('[PAY-8] the process that took it dies before settling: the inbox is settled by the next', async () => {
    const it = await pendingOrder('sandboxWebhookLost');
    const { db } = sale.database;
    await expect
      .poll(() => sale.provider.status({ id: it.payment, reference: null }), { timeout: 10_000 })
      .toBe('captured');
    await db
      .insertInto('webhook_events')
      .values({ provider: 'sandbox', event: randomUUID(), payment: it.payment, state: 'captured' })
      .execute();
    expect(await it.state()).toBe('pending');
    // The payment is too young to be asked about: it is the inbox that settles it.
    expect((await reconcile(db, sale.payments)).looked).toBe(0);
    expect(await it.state()).toBe('paid');
  });

  test('[PAY-8] a decline told of a charge that was taken since is asked about, not believed', async () => {
    const it = await pendingOrder('sandboxWebhookLost');
    await expect
      .poll(() => sale.provider.status({ id: it.payment, reference: null }), { timeout: 10_000 })
      .toBe('captured');
    expect(await post({ eventId: randomUUID(), chargeId: it.payment, state: 'declined' })).toMatchObject({
      status: 204,
    });
    expect(await it.state()).toBe('paid');
  });

  test('[PAY-9] forged, altered, old and strange deliveries change nothing', async () => {
    const it = await pendingOrder('sandboxWebhookLost');
    const body = { eventId: randomUUID(), chargeId: it.payment, state: 'captured' };
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const ours = webhookKeys(sale.ring, 'sandbox');
    const strange = webhookKeys(keyringOf(`t1:${Buffer.alloc(32, 7).toString('base64')}`), 'sandbox');
    const now = Date.now();
    const good = signWebhook(ours, bytes, now);
    for (const [what, signature] of Object.entries({
      none: '',
      'of another key': signWebhook(strange, bytes, now),
      'of another provider': signWebhook(webhookKeys(sale.ring, 'other'), bytes, now),
      'of another body': signWebhook(ours, bytes.subarray(1), now),
      'of another time': good.replace(/t=\d+/, `t=${Math.floor(now / 1000) + 1}`),
      'too old': signWebhook(ours, bytes, now - limits.webhookToleranceMs - 1_000),
      'of a time to come': signWebhook(ours, bytes, now + limits.webhookToleranceMs + 2_000),
    })) {
      expect(await post(body, signature), what).toEqual({ status: 401, code: 'webhookForged' });
    }
    expect(await post(body, good, 'nobody')).toEqual({ status: 404, code: 'providerUnknown' });
    expect(await post('{"eventId":1}')).toEqual({ status: 400, code: 'malformed' });
    expect(await post('x'.repeat(limits.bodyMaxBytes + 1))).toEqual({ status: 413, code: 'bodyTooLarge' });
    expect(await inboxOf(it.payment)).toEqual([]);
    expect(await it.state()).toBe('pending');

    // Of a charge that is not ours it is taken, or the provider would send it for ever.
    const foreign = { ...body, eventId: randomUUID(), chargeId: randomUUID() };
    expect((await post(foreign)).status).toBe(204);
    expect((await post(body, good)).status).toBe(204);
    expect((await post(body, good)).status).toBe(204);
    expect(await it.state()).toBe('paid');
    expect(await inboxOf(it.payment)).toHaveLength(1);
  });
});

describe('before a hold lapses', () => {
  const AHEAD_MS = 5_000;
  let slow: TestSale;
  let here: string;
  beforeAll(async () => {
    slow = await openSale({ slowMs: 60_000, waitMs: 400 });
    here = await slow.putOnSale({ tiers: { a: 50 }, buyerLimit: 4, holdTtlMs: HOLD_TTL_MS });
  });
  afterAll(() => slow.close());
  afterEach(async () => {
    slow.provider.mishaps.length = 0;
    expect(await brokenPromises(slow.database)).toEqual({});
  });
  const lapse = () => cancelLapsing(slow.database.db, slow.payments, AHEAD_MS);

  async function asked(method = 'sandboxSlow') {
    const buyer = shopper(slow, here);
    const { body: hold } = await buyer.hold(1);
    const { body: order } = await buyer.order(hold.holdId);
    const pay = () => buyer.pay(order, { key: 'k', method });
    expect((await pay()).body.state).toBe('pending');
    return { buyer, hold, order, pay };
  }

  test('[PAY-10] its unanswered payment is cancelled at the provider, and no money is taken', async () => {
    const it = await asked();
    expect(await lapse(), 'not before its time').toBe(0);
    await slow.moveClock(HOLD_TTL_MS - AHEAD_MS + 1);
    // The answer to the first cancelling is lost; the next run cancels again.
    slow.provider.mishaps.push('lostAfter');
    expect(await lapse()).toBe(1);
    expect(await lapse()).toBe(1);
    expect(await lapse()).toBe(0);
    expect((await it.pay()).body).toMatchObject({ status: 409, code: 'holdExpired' });
    expect((await it.buyer.look(it.hold.holdId)).body.state).toBe('held');
    // The money of a card that answers at once may still be tried before the hold is over.
    expect((await it.buyer.pay(it.order)).body.state).toBe('paid');
    expect(await unsettledMoney(slow.database)).toEqual([]);
  });

  test('[PAY-10] a charge that never arrived is cancelled too, so that one on its way takes nothing', async () => {
    slow.provider.mishaps.push('lostBefore');
    const it = await asked('sandboxApprove');
    await slow.moveClock(HOLD_TTL_MS + 1);
    expect(await lapse()).toBe(1);
    const { id } = await slow.database.db
      .selectFrom('payments')
      .select('id')
      .where('order', '=', it.order.orderId)
      .executeTakeFirstOrThrow();
    const { totalMinor: amountMinor, currency } = it.order;
    const charge = { id, amountMinor, currency, method: 'sandboxApprove', reference: null };
    expect(await slow.provider.charge(charge, async (reference) => reference)).toBe('cancelled');
    expect((await it.buyer.lookOrder(it.order)).body.state).toBe('expired');
    expect(await unsettledMoney(slow.database)).toEqual([]);
  });

  test('[PAY-10] [PAY-11] one that can no longer be cancelled is waited for, and its money climbs down the ladder', async () => {
    const it = await asked('sandboxTooLate');
    const { id } = await slow.database.db
      .selectFrom('payments')
      .select('id')
      .where('order', '=', it.order.orderId)
      .executeTakeFirstOrThrow();
    await slow.moveClock(HOLD_TTL_MS + 1);
    expect(await lapse()).toBe(1);
    expect((await it.buyer.lookOrder(it.order)).body.state).toBe('pending');
    await slow.database.db
      .updateTable('sandbox_charges')
      .set({ capture_at: new Date(0) })
      .where('id', '=', id)
      .execute();
    expect(await lapse()).toBe(1);
    expect((await it.buyer.lookOrder(it.order)).body.state).toBe('paid');
    expect(await unsettledMoney(slow.database)).toEqual([]);
  });

  test('[PAY-10] too late to cancel: what was taken is settled', async () => {
    slow.provider.mishaps.push('lostAfter');
    const it = await asked('sandboxApprove');
    await slow.moveClock(HOLD_TTL_MS - AHEAD_MS + 1);
    expect(await lapse()).toBe(1);
    expect((await it.buyer.lookOrder(it.order)).body.state).toBe('paid');
    expect(await unsettledMoney(slow.database)).toEqual([]);
  });
});
