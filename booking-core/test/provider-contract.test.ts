import { randomBytes, randomUUID } from 'node:crypto';
import { limits } from '@onsale/shared/limits';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { openDatabase } from '../src/db/database.ts';
import type { Charge, ChargeState, Note, Provider } from '../src/payments/provider.ts';
import { SANDBOX_SIGNATURE, sandboxProvider } from '../src/payments/sandbox.ts';
import { signWebhook, webhookKeys } from '../src/payments/signature.ts';
import { stripeClient } from '../src/payments/stripe/client.ts';
import { STRIPE_SIGNATURE } from '../src/payments/stripe/event.ts';
import { stripeProvider } from '../src/payments/stripe/provider.ts';
import { SECRET_KEY, signEvent, startStripe } from './stripe-stand-in.ts';

/** One provider under trial, and what is known of its ledger without asking it. */
interface Trial {
  readonly provider: Provider;
  readonly methods: { readonly good: string; readonly declined: string; readonly slow: string };
  /** What it has of a charge by now. */
  taken(id: string): Promise<number>;
  /** A pending charge is taken now. */
  takeSlow(id: string): Promise<void>;
  signed(id: string, state: ChargeState, atMs: number): { headers: Headers; bytes: Buffer };
  close(): Promise<void>;
}

async function sandboxTrial(): Promise<Trial> {
  const fresh = await freshDatabase();
  const { db, close } = openDatabase(fresh.url, { connections: 4 });
  const keys = webhookKeys(keyringOf(`t1:${randomBytes(32).toString('base64')}`), 'sandbox');
  const row = (id: string) =>
    db.selectFrom('sandbox_charges').selectAll().where('id', '=', id).executeTakeFirst();
  return {
    provider: sandboxProvider(db, 60_000, keys),
    methods: { good: 'sandboxApprove', declined: 'sandboxDecline', slow: 'sandboxSlow' },
    async taken(id) {
      const charge = await row(id);
      return charge?.state === 'captured' ? charge.amount_minor - charge.refunded_minor : 0;
    },
    async takeSlow(id) {
      await db
        .updateTable('sandbox_charges')
        .set({ capture_at: new Date(0) })
        .where('id', '=', id)
        .execute();
    },
    signed(id, state, atMs) {
      const bytes = Buffer.from(JSON.stringify({ eventId: randomUUID(), chargeId: id, state }));
      return { bytes, headers: new Headers({ [SANDBOX_SIGNATURE]: signWebhook(keys, bytes, atMs) }) };
    },
    async close() {
      await close();
      await fresh.drop();
    },
  };
}

async function stripeTrial(): Promise<Trial> {
  const stripe = await startStripe();
  const secret = 'whsec_trial';
  const events: Partial<Record<ChargeState, string>> = { captured: 'succeeded', declined: 'payment_failed' };
  return {
    provider: stripeProvider(stripeClient(SECRET_KEY, stripe.url), {
      publishableKey: 'pk_test_trial',
      webhookSecrets: [secret],
    }),
    methods: { good: 'pm_good', declined: 'pm_declined', slow: 'pm_slow' },
    taken: async (id) => stripe.taken(id),
    async takeSlow(id) {
      for (const intent of stripe.intents.values()) {
        const waits = intent.status === 'processing' && intent.metadata.onsale_payment === id;
        if (waits) intent.status = 'succeeded';
      }
    },
    signed(id, state, atMs) {
      const object = { id: 'pi_1', metadata: { onsale_payment: id } };
      const event = { id: `evt_${randomUUID()}`, type: `payment_intent.${events[state]}`, data: { object } };
      const payload = JSON.stringify(event);
      const header = signEvent(payload, secret, atMs);
      return { bytes: Buffer.from(payload), headers: new Headers({ [STRIPE_SIGNATURE]: header }) };
    },
    close: stripe.close,
  };
}

/** A charge whose reference is written down as `payments.reference` is. */
function chargeOf(method: string, amountMinor = 250_00) {
  const first: Charge = { id: randomUUID(), amountMinor, currency: 'EUR', method, reference: null };
  let reference: string | null = null;
  const note: Note = async (given) => {
    reference ??= given;
    return reference;
  };
  return { id: first.id, first, now: (): Charge => ({ ...first, reference }), note };
}

describe.for([
  ['sandbox', sandboxTrial],
  ['stripe', stripeTrial],
] as const)('what every provider promises: %s', ([, open]) => {
  let trial: Trial;
  let provider: Provider;
  beforeAll(async () => {
    trial = await open();
    provider = trial.provider;
  });
  afterAll(() => trial?.close());

  test('[PAY-20] [PAY-2] takes the money once, however often and at once it is asked for', async () => {
    const { id, first, now, note } = chargeOf(trial.methods.good);
    expect(await provider.status(first)).toBe('unknown');
    // As processes that read the payment before anything was written down.
    const states = await Promise.all(Array.from({ length: 8 }, () => provider.charge(first, note)));
    expect(states).toEqual(Array(8).fill('captured'));
    expect(await provider.charge(now(), note)).toBe('captured');
    expect(await provider.status(now())).toBe('captured');
    expect(await trial.taken(id)).toBe(250_00);
  });

  test('[PAY-20] [PAY-6] a declined charge takes nothing, and a repeat of it is not another try', async () => {
    const { id, first, now, note } = chargeOf(trial.methods.declined);
    expect(await provider.charge(first, note)).toBe('declined');
    expect(await provider.charge(now(), note)).toBe('declined');
    expect(await provider.charge(first, note)).toBe('declined');
    expect(await provider.status(now())).toBe('declined');
    expect(await trial.taken(id)).toBe(0);
  });

  test('[PAY-20] [PAY-10] what was cancelled takes no money: before it arrived, while it waits, and afterwards', async () => {
    const never = chargeOf(trial.methods.good);
    expect(await provider.cancel(never.first, never.note)).toBe('cancelled');
    expect(await provider.charge(never.first, never.note)).toBe('cancelled');
    expect(await provider.status(never.now())).toBe('cancelled');

    const waiting = chargeOf(trial.methods.good);
    const both = [provider.charge(waiting.first, waiting.note), provider.cancel(waiting.first, waiting.note)];
    const [charged, cancelled] = await Promise.all(both);
    expect([charged, cancelled]).toEqual(
      cancelled === 'cancelled' ? ['cancelled', 'cancelled'] : ['captured', 'tooLate'],
    );
    for (const { id } of [never, waiting]) {
      const isCancelled = id === never.id || cancelled === 'cancelled';
      expect(await trial.taken(id)).toBe(isCancelled ? 0 : 250_00);
    }
  });

  test('[PAY-20] [PAY-10] it is too late to cancel what was taken, and saying so changes nothing', async () => {
    const { id, first, now, note } = chargeOf(trial.methods.good);
    expect(await provider.charge(first, note)).toBe('captured');
    // Also by one who does not know yet that it arrived.
    for (const seen of [first, now()]) expect(await provider.cancel(seen, note)).toBe('tooLate');
    expect(await provider.status(now())).toBe('captured');
    expect(await trial.taken(id)).toBe(250_00);
  });

  test('[PAY-20] a pending charge is taken later, or never when it could still be cancelled', async () => {
    const { id, first, now, note } = chargeOf(trial.methods.slow);
    expect(await provider.charge(first, note)).toBe('pending');
    expect(await trial.taken(id)).toBe(0);
    const answer = await provider.cancel(now(), note);
    await trial.takeSlow(id);
    expect(await provider.status(now())).toBe(answer === 'cancelled' ? 'cancelled' : 'captured');
    expect(await trial.taken(id)).toBe(answer === 'cancelled' ? 0 : 250_00);
  });

  test('[PAY-20] [PAY-12] money goes back once per refund, in parts', async () => {
    const { id, first, now, note } = chargeOf(trial.methods.good);
    await provider.charge(first, note);
    const [one, two] = [randomUUID(), randomUUID()];
    for (const refundId of [one, one, two, one]) await provider.refund(now(), 100_00, refundId);
    expect(await trial.taken(id)).toBe(50_00);
  });

  test('[PAY-20] [PAY-9] it is heard only when it signed these very bytes, not long ago', async () => {
    const id = randomUUID();
    const nowMs = Date.now();
    const { headers, bytes } = trial.signed(id, 'captured', nowMs);
    const told = provider.webhook(headers, bytes, nowMs);
    expect(told).toMatchObject({ chargeId: id, state: 'captured' });
    const other = Buffer.from(bytes.toString().replace(id, randomUUID()));
    const forged = { code: 'webhookForged' };
    for (const [given, body, atMs] of [
      [headers, other, nowMs],
      [new Headers(), bytes, nowMs],
      [new Headers([...headers].map(([name]) => [name, 't=1,v1=00'])), bytes, nowMs],
      [headers, bytes, nowMs + limits.webhookToleranceMs + 1_000],
    ] as const) {
      expect(() => provider.webhook(given, body, atMs)).toThrow(expect.objectContaining(forged));
    }
  });
});
