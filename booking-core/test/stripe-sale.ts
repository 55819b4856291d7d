import { randomUUID } from 'node:crypto';
import { readConfig } from '@onsale/shared/config';
import type { Order } from '@onsale/shared/http/orders';
import { logOptions } from '@onsale/shared/service/log-options';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Core, openCore } from '../src/core.ts';
import { coreMetrics } from '../src/metrics.ts';
import { cancelLapsing } from '../src/payments/lapsing.ts';
import { openConfiguredPayments, paymentOptions } from '../src/payments/open.ts';
import type { Payments } from '../src/payments/payments.ts';
import { reconcile } from '../src/payments/reconcile.ts';
import { openSale, SERVICE_TOKEN, shopper, type TestSale } from './sale.ts';
import { type Mishap, SECRET_KEY, type Step, type StripeStandIn, startStripe } from './stripe-stand-in.ts';

const HOLD_TTL_MS = 60_000;
export const WEBHOOK_SECRETS = ['whsec_new', 'whsec_old'];

export interface PayingCore {
  readonly core: Core;
  readonly payments: Payments;
  readonly close: () => Promise<void>;
}

/** For the length of one file: a sale with a core that takes money by Stripe's stand-in, and one that takes it by the sandbox. */
export function stripeSale() {
  let stripe: StripeStandIn;
  let sale: TestSale;
  let event: string;
  let withStripe: PayingCore;
  let withSandbox: PayingCore;
  const logged: string[] = [];

  /** A core with these options, on the sale's database; what it logs is kept. */
  function coreWith(env: Record<string, string>): PayingCore {
    const config = readConfig(
      {
        DATABASE_URL: sale.url,
        HMAC_KEYS: `t1:${Buffer.alloc(32, 7).toString('base64')}`,
        STRIPE_API_URL: stripe.url,
        STRIPE_SECRET_KEY: SECRET_KEY,
        STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRETS.join(),
        STRIPE_PUBLISHABLE_KEY: 'pk_test_standin',
        ...env,
      },
      paymentOptions,
    );
    const log = pino(logOptions('core', 'info'), { write: (line) => void logged.push(line) });
    const metrics = coreMetrics();
    const { payments, close } = openConfiguredPayments(sale.database, config, metrics, log);
    const report = (fault: unknown) => sale.faults.push(fault);
    const core = openCore({
      ...{ database: sale.database, payments, ring: sale.ring, serviceToken: SERVICE_TOKEN, metrics, report },
    });
    return { core, payments, close };
  }

  beforeAll(async () => {
    stripe = await startStripe();
    sale = await openSale();
    event = await sale.putOnSale({ tiers: { a: 500 }, buyerLimit: 4, holdTtlMs: HOLD_TTL_MS });
    withStripe = coreWith({ PAYMENT_PROVIDER: 'stripe' });
    withSandbox = coreWith({ PAYMENT_PROVIDER: 'sandbox' });
  });
  afterAll(async () => {
    for (const { core, close } of [withStripe, withSandbox]) {
      core?.stop();
      await close?.();
    }
    await sale?.close();
    await stripe?.close();
  });
  beforeEach(() => {
    logged.length = 0;
    stripe.asked.length = 0;
  });
  afterEach(() => {
    stripe.mishaps.length = 0;
    stripe.forgetful = false;
    expect(sale.faults).toEqual([]);
  });

  /** A buyer with an order of 200.00 at a core. */
  async function ordered({ core }: PayingCore = withStripe) {
    const buyer = shopper({ ...sale, cores: [core] }, event);
    const { body: hold } = await buyer.hold(2);
    const { body: order } = await buyer.order(hold.holdId);
    const payments = () =>
      sale.database.db.selectFrom('payments').selectAll().where('order', '=', order.orderId).execute();
    return {
      order,
      payments,
      payment: async () => (await payments())[0]!,
      pay: (body: object, key = randomUUID() as string) =>
        buyer.send<Order>('POST', `/api/v1/orders/${order.orderId}/payments`, {
          token: order.orderToken,
          key,
          body,
        }),
      state: async () => (await buyer.lookOrder(order)).body.state,
    };
  }
  const card = (stripePaymentMethod: string) => ({ method: 'stripeCard', stripePaymentMethod });
  /** The next request of a step goes wrong; a line that is cut is cut again when Stripe's client repeats it, as it does once. */
  const goesWrong = (step: Step, mishap: Mishap): void => {
    const cut = mishap === 'lostBefore' || mishap === 'lostAfter';
    stripe.mishaps.push(...Array.from({ length: cut ? 2 : 1 }, () => ({ step, mishap })));
  };
  const settleAll = () => reconcile(sale.database.db, withStripe.payments, 0);

  const lapse = () => cancelLapsing(sale.database.db, withStripe.payments, HOLD_TTL_MS * 2);

  /** Everything Stripe has of an order's payments, less what it gave back. */
  const takenOf = async (it: { payments: () => Promise<Array<{ id: string }>> }) =>
    (await it.payments()).reduce((sum, { id }) => sum + stripe.taken(id), 0);

  return {
    get stripe() {
      return stripe;
    },
    get sale() {
      return sale;
    },
    get withStripe() {
      return withStripe;
    },
    get withSandbox() {
      return withSandbox;
    },
    logged,
    coreWith,
    ordered,
    card,
    goesWrong,
    settleAll,
    lapse,
    takenOf,
  };
}
