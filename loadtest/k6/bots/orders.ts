import { oneOf } from '../lib/seeded.ts';
import { settings } from '../lib/settings.ts';
import { ask } from './ask.ts';
import type { Attempt } from './attempt.ts';
import { twoOf } from './two-of.ts';

const holds = `/api/v1/events/${settings.event}/holds`;
const buyer = { name: 'Fan of the load test', email: 'fan@example.com' };
const approve = { method: 'sandboxApprove' };

/** Holds, orders and money of others, and one's own a second time. */
export const orders: readonly Attempt[] = [
  ({ kit, random }) => {
    const [mine, { holdId }] = twoOf(random, kit.shoppers);
    const { session: token, cookie } = mine;
    const kind = 'order-of-anothers-hold';
    const body = { holdId, ...buyer };
    return [
      [kind, ask(kind, { method: 'POST', path: '/api/v1/orders', token, cookie, key: newKey(), body })],
    ];
  },
  ({ kit, random }) => {
    const [mine, { holdId }] = twoOf(random, kit.shoppers);
    const { session: token, cookie } = mine;
    const kind = 'hold-of-another';
    const [method, path, key] = oneOf(random, [
      ['GET', `/api/v1/holds/${holdId}`, undefined],
      ['DELETE', `/api/v1/holds/${holdId}`, undefined],
      ['POST', `/api/v1/holds/${holdId}/extension`, newKey()],
    ] as const);
    return [[kind, ask(kind, { method, path, token, cookie, key })]];
  },
  ({ kit, random }) => {
    const [mine, { key }] = twoOf(random, kit.shoppers);
    const { session: token, cookie } = mine;
    const kind = 'key-of-another';
    const body = { tierId: kit.tierId, quantity: 1 };
    return [[kind, ask(kind, { method: 'POST', path: holds, token, cookie, key, body })]];
  },
  ({ kit, random }) => {
    const { session: token, cookie, key } = oneOf(random, kit.shoppers);
    const kind = 'key-for-another-request';
    const body = { best: { quantity: 1 } };
    return [[kind, ask(kind, { method: 'POST', path: holds, token, cookie, key, body })]];
  },
  ({ kit, random }) => {
    const { session: token, cookie, key, holdId } = oneOf(random, kit.shoppers);
    const kind = 'hold-replayed';
    const body = { tierId: kit.tierId, quantity: kit.buyerLimit };
    const told = ask(kind, { method: 'POST', path: holds, token, cookie, key, body });
    const same = (told.json as { holdId?: string } | undefined)?.holdId === holdId;
    return [[kind, same ? { status: told.status, code: 'sameHold' } : told]];
  },
  ({ kit, random }) => {
    const [mine, { orderId }] = twoOf(random, kit.shoppers);
    const { orderToken: token, cookie } = mine;
    const kind = 'pay-with-anothers-token';
    const path = `/api/v1/orders/${orderId}`;
    const said = oneOf(random, [
      { method: 'POST', path: `${path}/payments`, body: approve, key: newKey() },
      { method: 'GET', path },
      { method: 'GET', path: `${path}/tickets` },
      { method: 'POST', path: `${path}/cancellation`, key: newKey() },
    ]);
    return [[kind, ask(kind, { ...said, token, cookie })]];
  },
  ({ kit, random }) => {
    const [{ cookie: own }, { orderId, orderToken: token }] = twoOf(random, kit.shoppers);
    const cookie = oneOf(random, [own, undefined]);
    const kind = 'pay-from-another-device';
    const path = `/api/v1/orders/${orderId}/payments`;
    return [[kind, ask(kind, { method: 'POST', path, token, cookie, key: newKey(), body: approve })]];
  },
  ({ random }) => {
    const kind = 'forged-webhook';
    const at = Math.floor(Date.now() / 1_000);
    const signature = `t=${at},v1=${newKey().replaceAll('-', '').repeat(2)}`;
    const headers = oneOf<Record<string, string>>(random, [
      { 'onsale-sandbox-signature': signature },
      { 'onsale-sandbox-signature': 'true' },
      {},
    ]);
    const body = { eventId: newKey(), chargeId: newKey(), state: 'captured' };
    return [[kind, ask(kind, { method: 'POST', path: '/api/v1/webhooks/sandbox', headers, body })]];
  },
];

const newKey = (): string => crypto.randomUUID();
