import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { stripeSale, WEBHOOK_SECRETS } from './stripe-sale.ts';
import { type Mishap, SECRET_KEY, type Step } from './stripe-stand-in.ts';

const given = stripeSale();
const { card, coreWith, goesWrong, lapse, logged, ordered, settleAll, takenOf } = given;

describe('paying by card', () => {
  test('[PAY-21] the intent is written down before it is confirmed, under keys of our own; its money buys the tickets', async () => {
    const it = await ordered();
    const { status, body } = await it.pay(card('pm_good'));
    expect([status, body.state]).toEqual([200, 'paid']);
    const { id, provider, reference, method } = await it.payment();
    expect([provider, method, given.stripe.intents.get(reference!)?.metadata]).toEqual([
      'stripe',
      'pm_good',
      { onsale_payment: id },
    ]);
    expect(given.stripe.asked.map(({ step, key }) => [step, key])).toEqual([
      ['create', id],
      ['confirm', `${id}:confirm`],
    ]);
    expect(await takenOf(it)).toBe(it.order.totalMinor);
  });

  test('[PAY-26] a declined card, one that wants 3-D Secure, and one that is none are refused, and paying is tried again', async () => {
    const it = await ordered();
    for (const bad of ['pm_declined', 'pm_3ds', 'pm_unknown']) {
      const key = randomUUID();
      for (let again = 0; again < 2; again += 1) {
        expect((await it.pay(card(bad), key)).body.code, bad).toBe('paymentDeclined');
      }
    }
    expect((await it.pay(card('pm_good'))).body.state).toBe('paid');
    expect(await takenOf(it)).toBe(it.order.totalMinor);
  });

  test.for([
    ['create', 'lostBefore'],
    ['create', 'lostAfter'],
    ['create', 429],
    ['confirm', 'lostBefore'],
    ['confirm', 'lostAfter'],
    ['confirm', 429],
  ] as const satisfies ReadonlyArray<readonly [Step, Mishap]>)(
    '[PAY-22] [PAY-4] %s %s: the order stays open, and is settled with the money taken once, within a day and after it',
    async ([step, mishap]) => {
      for (const aDayLater of [false, true]) {
        const it = await ordered();
        goesWrong(step, mishap);
        expect((await it.pay(card('pm_good'))).body.state).toBe('pending');
        if (aDayLater) given.stripe.forgetKeys();
        await settleAll();
        expect(await it.state()).toBe('paid');
        await settleAll();
        expect(await takenOf(it)).toBe(it.order.totalMinor);
      }
    },
  );

  test.for(['create', 'confirm'] as const)(
    '[PAY-22] %s: a fault of its own is repeated by Stripe for a day; the payment then ends with its hold and takes nothing',
    async (step) => {
      const it = await ordered();
      goesWrong(step, 500);
      expect((await it.pay(card('pm_good'))).body.state).toBe('pending');
      await settleAll();
      expect(await it.state()).toBe('pending');
      await lapse();
      expect((await it.payment()).state).toBe('cancelled');
      given.stripe.forgetKeys();
      await settleAll();
      expect(await takenOf(it)).toBe(0);
    },
  );

  test('[PAY-22] killed before the id is written down, nothing is ever confirmed but what is written', async () => {
    const it = await ordered();
    goesWrong('create', 'lostAfter');
    await it.pay(card('pm_good'));
    expect((await it.payment()).reference).toBeNull();
    given.stripe.forgetful = true;
    await Promise.all([settleAll(), settleAll(), settleAll()]);
    expect(await it.state()).toBe('paid');
    const { id, reference } = await it.payment();
    const intents = [...given.stripe.intents.values()].filter(
      ({ metadata }) => metadata.onsale_payment === id,
    );
    expect(intents.length).toBeGreaterThan(1);
    expect(intents.filter(({ status }) => status !== 'requires_payment_method').map((one) => one.id)).toEqual(
      [reference],
    );
  });

  test('[PAY-23] a lapsing payment is cancelled at Stripe; one that never got there, without asking; a late one takes nothing', async () => {
    const waiting = await ordered();
    goesWrong('confirm', 'lostBefore');
    await waiting.pay(card('pm_good'));
    const never = await ordered();
    goesWrong('create', 'lostBefore');
    const key = randomUUID();
    await never.pay(card('pm_good'), key);
    given.stripe.asked.length = 0;
    await lapse();
    expect(given.stripe.asked.map(({ step }) => step)).toEqual(['cancel']);
    for (const it of [waiting, never]) {
      expect((await it.payment()).state).toBe('cancelled');
      expect(await takenOf(it)).toBe(0);
    }
    expect((await never.payment()).reference).toBe('none');
    expect((await never.pay(card('pm_good'), key)).body.code).toBe('holdExpired');

    // Too late: Stripe is at it, and says so.
    const slow = await ordered();
    goesWrong('confirm', 'lostAfter');
    await slow.pay(card('pm_slow'));
    await lapse();
    expect((await slow.payment()).state).toBe('asked');
    given.stripe.intents.get((await slow.payment()).reference!)!.status = 'succeeded';
    await lapse();
    expect(await slow.state()).toBe('paid');
  });

  test('[PAY-24] [PAY-12] money goes back once per refund, also when Stripe has forgotten that it was asked', async () => {
    const it = await ordered();
    await it.pay(card('pm_good'));
    const { id } = await it.payment();
    const refund = randomUUID();
    await given.sale.database.db
      .insertInto('refunds')
      .values({ id: refund, payment: id, amount_minor: 100_00, why: 'a wish' })
      .execute();
    goesWrong('refund', 'lostAfter');
    expect(await given.withStripe.payments.refund()).toBe(0);
    given.stripe.forgetKeys();
    expect(await given.withStripe.payments.refund()).toBe(1);
    expect(await takenOf(it)).toBe(it.order.totalMinor - 100_00);
    const keys = given.stripe.asked.filter(({ step }) => step === 'refund').map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set([refund]));
    expect([...given.stripe.refunds.values()]).toHaveLength(1);
  });

  test('[PAY-26] [API-7] a key that Stripe does not take is said at once, takes nothing, and is in no log', async () => {
    const secret = 'sk_test_revoked9f8e7d';
    const broken = coreWith({ PAYMENT_PROVIDER: 'stripe', STRIPE_SECRET_KEY: secret });
    try {
      const it = await ordered(broken);
      const key = randomUUID();
      const { status, body } = await it.pay(card('pm_good'), key);
      expect([status, body.code]).toEqual([503, 'unavailable']);
      expect(await broken.payments.refund()).toBe(0);
      const lines = logged.join('');
      expect(lines).toContain('"level":50');
      expect(lines).toContain('api_key_invalid');
      for (const hidden of [secret, SECRET_KEY, ...WEBHOOK_SECRETS]) expect(lines).not.toContain(hidden);
      // Put right, the same key drives it on.
      await settleAll();
      expect(await it.state()).toBe('paid');
      expect(await takenOf(it)).toBe(it.order.totalMinor);
    } finally {
      broken.core.stop();
      await broken.close();
    }
  });
});
