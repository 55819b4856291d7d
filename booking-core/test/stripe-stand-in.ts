import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import Stripe from 'stripe';

/**
 * Stripe's API as far as we use it, with a memory: what stripe-mock, which checks the shapes of our requests
 * (stripe-mock.test.ts), does not have. Idempotency-Keys as Stripe documents them: the first answer again, a fault of its own
 * too; another request refused. What a card does is its name's matter.
 */
export interface Intent {
  readonly id: string;
  readonly object: 'payment_intent';
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Record<string, string>;
  status: string;
  last_payment_error: { code: string } | null;
}

interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly payment_intent: string;
  readonly metadata: Record<string, string>;
  status: string;
}

export type Step = 'create' | 'look' | 'confirm' | 'cancel' | 'listRefunds' | 'refund';
/** Of one request: it never arrives; its answer is lost, or does not come; Stripe is overloaded or broken. */
export type Mishap = 'lostBefore' | 'lostAfter' | 'hangsAfter' | 429 | 500;

export interface Asked {
  readonly step: Step;
  readonly key: string | undefined;
  readonly body: Readonly<Record<string, string>>;
}

export interface StripeStandIn {
  readonly url: string;
  readonly intents: Map<string, Intent>;
  readonly refunds: Map<string, Refund>;
  readonly asked: Asked[];
  /** The next request of a step meets it. */
  readonly mishaps: Array<{ readonly step: Step; readonly mishap: Mishap }>;
  /** As after a day. */
  forgetKeys(): void;
  /** As if there were a day between any two requests. */
  forgetful: boolean;
  /** What is taken of a payment and not given back, over all its intents. */
  taken(payment: string): number;
  readonly close: () => Promise<void>;
}

export const SECRET_KEY = 'sk_test_standin';

/** The signature of a delivery, as Stripe's own package makes it. */
export const signEvent = (payload: string, secret: string, atMs: number = Date.now()): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(atMs / 1000) });

interface Answer {
  readonly status: number;
  readonly body: object;
}
const error = (status: number, type: string, code: string, extra: object = {}): Answer => ({
  status,
  body: { error: { type, code, message: `refused: ${code}`, ...extra } },
});

export async function startStripe(): Promise<StripeStandIn> {
  const intents = new Map<string, Intent>();
  const refunds = new Map<string, Refund>();
  const asked: Asked[] = [];
  const mishaps: StripeStandIn['mishaps'] = [];
  const keys = new Map<string, { readonly print: string; readonly answer: Answer }>();

  const metadataOf = (body: Asked['body']): Record<string, string> =>
    Object.fromEntries(
      Object.entries(body).flatMap(([name, value]) => {
        const inside = /^metadata\[(.+)\]$/.exec(name)?.[1];
        return inside === undefined ? [] : [[inside, value]];
      }),
    );
  const unexpected = (intent: Intent): Answer =>
    error(400, 'invalid_request_error', 'payment_intent_unexpected_state', { payment_intent: intent });

  const confirm = (
    intent: Intent,
    { payment_method: card, error_on_requires_action }: Asked['body'],
  ): Answer => {
    if (!/^requires_(payment_method|confirmation|action)$/.test(intent.status)) return unexpected(intent);
    const declined = (code: string): Answer => {
      intent.status = 'requires_payment_method';
      intent.last_payment_error = { code };
      return error(402, 'card_error', code, { payment_intent: intent });
    };
    // A card that has money at the second try: that there is none, is ours to see to.
    const again = intent.last_payment_error !== null;
    if (card === 'pm_declined' && !again) return declined('card_declined');
    if (card === 'pm_3ds' && error_on_requires_action === 'true') return declined('authentication_required');
    const becomes = {
      pm_good: 'succeeded',
      pm_declined: 'succeeded',
      pm_slow: 'processing',
      pm_3ds: 'requires_action',
    }[card ?? ''];
    if (becomes === undefined) return error(400, 'invalid_request_error', 'resource_missing');
    intent.status = becomes;
    return { status: 200, body: intent };
  };

  const cancel = (intent: Intent): Answer => {
    if (!intent.status.startsWith('requires_')) return unexpected(intent);
    intent.status = 'canceled';
    return { status: 200, body: intent };
  };

  const refund = (body: Asked['body']): Answer => {
    const { payment_intent: id = '', amount = '' } = body;
    const intent = intents.get(id);
    if (intent?.status !== 'succeeded') return error(400, 'invalid_request_error', 'resource_missing');
    const given = [...refunds.values()].filter((one) => one.payment_intent === id);
    const before = given.reduce((sum, one) => sum + one.amount, 0);
    if (before + Number(amount) > intent.amount) {
      return error(400, 'invalid_request_error', 'charge_already_refunded');
    }
    const entry: Refund = {
      id: `re_${refunds.size + 1}`,
      object: 'refund',
      amount: Number(amount),
      payment_intent: id,
      metadata: metadataOf(body),
      status: 'succeeded',
    };
    refunds.set(entry.id, entry);
    return { status: 200, body: entry };
  };

  const create = (body: Asked['body']): Answer => {
    const intent: Intent = {
      id: `pi_${intents.size + 1}`,
      object: 'payment_intent',
      amount: Number(body.amount),
      currency: body.currency!,
      metadata: metadataOf(body),
      status: 'requires_payment_method',
      last_payment_error: null,
    };
    intents.set(intent.id, intent);
    return { status: 200, body: intent };
  };

  const route = (
    method: string,
    url: URL,
  ): { step: Step; run: (body: Asked['body']) => Answer } | undefined => {
    const [, id, verb] = /^\/v1\/payment_intents\/(\w+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const withIntent = (run: (intent: Intent, body: Asked['body']) => Answer) => (body: Asked['body']) => {
      const intent = intents.get(id!);
      return intent === undefined
        ? error(404, 'invalid_request_error', 'resource_missing')
        : run(intent, body);
    };
    const found = (intent: Intent): Answer => ({ status: 200, body: intent });
    if (url.pathname === '/v1/payment_intents' && method === 'POST') return { step: 'create', run: create };
    if (url.pathname === '/v1/refunds' && method === 'POST') return { step: 'refund', run: refund };
    if (url.pathname === '/v1/refunds') {
      const data = [...refunds.values()].filter(
        (one) => one.payment_intent === url.searchParams.get('payment_intent'),
      );
      return { step: 'listRefunds', run: () => ({ status: 200, body: { object: 'list', data } }) };
    }
    if (verb === 'confirm') return { step: 'confirm', run: withIntent(confirm) };
    if (verb === 'cancel') return { step: 'cancel', run: withIntent(cancel) };
    return id === undefined ? undefined : { step: 'look', run: withIntent(found) };
  };

  const once = (key: string | undefined, print: string, run: () => Answer): Answer => {
    const before = key === undefined || made.forgetful ? undefined : keys.get(key);
    if (before !== undefined) {
      return before.print === print ? before.answer : error(400, 'idempotency_error', 'idempotency_error');
    }
    // What was answered is kept as text: it stays as it was.
    const { status, body } = run();
    const answer = { status, body: JSON.parse(JSON.stringify(body)) as object };
    if (key !== undefined) keys.set(key, { print, answer });
    return answer;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url!, 'http://stripe');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const answer = ({ status, body }: Answer): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_standin' });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${SECRET_KEY}`) {
      return answer(error(401, 'invalid_request_error', 'api_key_invalid'));
    }
    const found = route(request.method!, url);
    if (found === undefined) return answer(error(404, 'invalid_request_error', 'url_invalid'));
    const { step, run } = found;
    const planned = mishaps.findIndex((one) => one.step === step);
    const mishap = planned < 0 ? undefined : mishaps.splice(planned, 1)[0]!.mishap;
    if (mishap === 'lostBefore') return void request.socket.destroy();
    const body = Object.fromEntries(new URLSearchParams(text));
    const key = request.headers['idempotency-key'] as string | undefined;
    asked.push({ step, key, body });
    if (mishap === 429) return answer(error(429, 'invalid_request_error', 'rate_limit'));
    const broken = (): Answer => error(500, 'api_error', 'api_error');
    const result = once(key, `${url.pathname}\n${text}`, mishap === 500 ? broken : () => run(body));
    if (mishap === 'lostAfter') return void request.socket.destroy();
    if (mishap === 'hangsAfter') return;
    // Two calls at once meet at Stripe, and not only one after the other.
    await delay(1);
    answer(result);
  };

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: StripeStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    intents,
    refunds,
    asked,
    mishaps,
    forgetKeys: () => keys.clear(),
    forgetful: false,
    taken(payment) {
      const of = [...intents.values()].filter((one) => one.metadata.onsale_payment === payment);
      const ids = new Set(of.map(({ id }) => id));
      const captured = of.filter(({ status }) => status === 'succeeded');
      const back = [...refunds.values()].filter((one) => ids.has(one.payment_intent));
      const sum = (all: readonly { amount: number }[]) => all.reduce((total, one) => total + one.amount, 0);
      return sum(captured) - sum(back);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;
}
