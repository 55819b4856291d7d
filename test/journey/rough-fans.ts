import { randomBytes, randomUUID } from 'node:crypto';
import type { Sale } from '../../bin/stack/sale.ts';
import type { Shopper } from './shoppers.ts';

export const EVENT = 'club-night';

/** What fans see and no promise allows, as a mutation names it in `red`. */
export type Seen = 'fans:two-holds-of-one-key' | 'fans:two-orders-of-one-key';

interface Sent {
  readonly token: string;
  readonly cookie?: string;
  readonly key?: string;
  readonly body?: object;
}

/** One plain request, with no repeat that would hide what happens. */
export async function send<T>(
  { gatewayUrl }: Sale,
  path: string,
  { token, cookie = '', key = randomUUID(), body = {} }: Sent,
): Promise<{ status: number; body: T }> {
  const response = await fetch(`${gatewayUrl}/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      cookie,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as T };
}

export const askFor = (sale: Sale, { session, cookie }: Pick<Shopper, 'session' | 'cookie'>, key: string) =>
  send<{ holdId?: string }>(sale, `/events/${EVENT}/holds`, {
    token: session,
    cookie,
    key,
    body: { tierId: 'general', quantity: 1 },
  });

export const hold = ({ call, session }: Shopper, key: string) =>
  call('hold', {
    params: { eventId: EVENT },
    token: session,
    key,
    body: { tierId: 'general', quantity: 2 },
  });

/** One session, through every front door, many times at once: it may have two tickets. */
export const asksManyTimes = (sales: readonly Sale[], fan: Shopper) =>
  Promise.all(Array.from({ length: 12 }, (_, n) => askFor(sales[n % sales.length]!, fan, `greedy-${n}`)));

/** The same keys through every front door, at once and again: one hold and one order. */
export async function repeats(sales: readonly Sale[], fan: Shopper): Promise<Seen[]> {
  const everywhere = async <T>(ask: (sale: Sale) => Promise<{ body: T }>): Promise<T[]> => {
    const answers = [...(await Promise.all(sales.map(ask))), await ask(sales[0]!)];
    return answers.map(({ body }) => body);
  };
  const known = (ids: ReadonlyArray<string | undefined>) => new Set(ids.filter((id) => id !== undefined));
  const holds = known((await everywhere((sale) => askFor(sale, fan, 'held'))).map(({ holdId }) => holdId));
  const [holdId] = holds;
  const asked = { holdId, name: 'A Fan', email: 'fan@example.org' };
  const bought = await everywhere((sale) =>
    send<{ orderId?: string }>(sale, '/orders', {
      token: fan.session,
      cookie: fan.cookie,
      key: 'ordered',
      body: asked,
    }),
  );
  const orders = known(bought.map(({ orderId }) => orderId));
  return [
    ...(holds.size > 1 ? (['fans:two-holds-of-one-key'] as const) : []),
    ...(orders.size > 1 ? (['fans:two-orders-of-one-key'] as const) : []),
  ];
}

/** A session as another fan's would be, who never was in the line; its signature is that of a real one. */
export async function forges(sales: readonly Sale[], { session, cookie }: Shopper): Promise<void> {
  const [kind, kid, payload, mac] = session.split('.') as [string, string, string, string];
  const made = {
    ...readPayload(payload),
    place: randomBytes(16).toString('base64url'),
    buyer: randomUUID(),
  };
  const forged = [kind, kid, Buffer.from(JSON.stringify(made)).toString('base64url'), mac].join('.');
  for (const sale of sales) await askFor(sale, { session: forged, cookie }, randomUUID());
}

const readPayload = (payload: string): { place: string; turn: number } =>
  JSON.parse(Buffer.from(payload, 'base64url').toString());

/** An operator ends his turn; then he asks through every front door. */
export async function revokedAsks(sales: readonly Sale[], fan: Shopper): Promise<void> {
  const { place, turn } = readPayload(fan.session.split('.')[2]!);
  // In a build that records nobody there is no turn to end.
  await send(sales[0]!, `/operator/rooms/${EVENT}/revocations`, {
    token: sales[0]!.operatorToken,
    body: { place, turn, why: 'a script' },
  });
  for (const sale of sales) await askFor(sale, fan, randomUUID());
}
