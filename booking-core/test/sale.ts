import { randomBytes, randomUUID } from 'node:crypto';
import type { Problem } from '@onsale/shared/errors';
import type { Hold } from '@onsale/shared/http/holds';
import type { IssuedTickets, Order } from '@onsale/shared/http/orders';
import { deviceOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import { signToken } from '@onsale/shared/tokens/hmac';
import { type Keyring, keyringOf } from '@onsale/shared/tokens/keyring';
import { sql } from 'kysely';
import { freshDatabase } from '../../test/database.ts';
import { programme } from '../src/catalog/programme.ts';
import { stage } from '../src/catalog/stage.ts';
import { type Core, openCore } from '../src/core.ts';
import { type Database, openDatabase } from '../src/db/database.ts';
import { type CoreMetrics, coreMetrics } from '../src/metrics.ts';
import { openPayments, type Payments } from '../src/payments/payments.ts';
import { sandboxProvider } from '../src/payments/sandbox.ts';
import { deliverSandboxEvents } from '../src/payments/sandbox-deliver.ts';
import { webhookKeys } from '../src/payments/signature.ts';
import { type FaultyProvider, faulty } from './provider.ts';

/** Of each core: two of them have more than a small PgBouncer has to the server. */
const CONNECTIONS = 6;
export const SERVICE_TOKEN = randomBytes(32).toString('hex');
export interface EventShape {
  /** Tickets by tier; tier `a` costs 100.00, `b` 200.00, and so on. */
  readonly tiers: Readonly<Record<string, number>>;
  readonly buyerLimit: number;
  readonly holdTtlMs?: number;
}

/** What a request was answered with; a refusal is a problem. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T & Partial<Problem>;
}

/** A sale in memory but for Postgres: several cores on one database, called without ports. */
export interface TestSale {
  readonly database: Database;
  readonly url: string;
  readonly cores: readonly Core[];
  readonly provider: FaultyProvider;
  readonly payments: Payments;
  /** Delivers the sandbox's webhooks that are due, to the first core. @returns how many were taken */
  deliver(): Promise<number>;
  readonly ring: Keyring;
  /** Option HMAC_KEYS of a core process beside these. */
  readonly hmacKeys: string;
  /** Faults that were answered as `internal`: none is expected. */
  readonly faults: unknown[];
  putOnSale(shape: EventShape): Promise<string>;
  /** What each core counted. */
  readonly metrics: readonly CoreMetrics[];
  /** Moves the clock that expiry is judged by. */
  moveClock(byMs: number): Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * @param slowMs how long a slow charge is pending
 * @param waitMs how long `pay` waits for the provider
 * @param through the address that the cores use instead of the database's own
 */
export async function openSale({
  cores = 1,
  slowMs = 0,
  waitMs = limits.providerTimeoutMs as number,
  through = (databaseUrl: string): string => databaseUrl,
} = {}): Promise<TestSale> {
  const fresh = await freshDatabase();
  const url = through(fresh.url);
  const hmacKeys = `t1:${randomBytes(32).toString('base64')}`;
  const ring = keyringOf(hmacKeys);
  const faults: unknown[] = [];
  const metrics = Array.from({ length: cores }, () => coreMetrics());
  const databases = metrics.map(({ retried }) =>
    openDatabase(url, { connections: CONNECTIONS, onRetry: retried }),
  );
  const database = databases[0]!;
  const ledger = openDatabase(url, { connections: 2 });
  const keys = webhookKeys(ring, 'sandbox');
  const provider = faulty(sandboxProvider(ledger.db, slowMs, keys));
  const watch = { settled: () => {}, fault: () => {} };
  const payments = openPayments(database, [provider], watch, waitMs);
  const opened = databases.map((of, at) =>
    openCore({
      database: of,
      payments: openPayments(of, [provider], watch, waitMs),
      ring,
      serviceToken: SERVICE_TOKEN,
      metrics: metrics[at]!,
      report: (fault) => faults.push(fault),
    }),
  );

  return {
    database,
    url: fresh.url,
    cores: opened,
    metrics,
    provider,
    payments,
    ring,
    hmacKeys,
    faults,
    deliver: () =>
      deliverSandboxEvents(ledger.db, keys, async (body, headers) => {
        const { publicApp } = opened[0]!;
        return (await publicApp.request('/api/v1/webhooks/sandbox', { method: 'POST', headers, body }))
          .status;
      }),
    async putOnSale({ tiers, buyerLimit, holdTtlMs = 600_000 }) {
      const id = `event-${randomBytes(6).toString('hex')}`;
      const { venue, event, room } = programme[0]!;
      await database.transact('read committed', async (tx) => {
        await stage(tx, {
          venue,
          event: { ...event, id, admission: 'general', buyer_limit: buyerLimit, hold_ttl_ms: holdTtlMs },
          tiers: Object.keys(tiers).map((tier, at) => ({
            id: tier,
            name: tier,
            price_minor: (at + 1) * 100_00,
            position: at,
          })),
          tickets: { units: tiers },
          room,
        });
      });
      return id;
    },
    async moveClock(byMs) {
      await sql`insert into sale_clock_offset (offset_by) values (${byMs} * interval '1 millisecond')
        on conflict (only_row) do update set offset_by = sale_clock_offset.offset_by + excluded.offset_by`.execute(
        database.db,
      );
    },
    async close() {
      for (const { stop } of opened) stop();
      await Promise.all([...databases, ledger].map(({ close }) => close()));
      await fresh.drop();
    },
  };
}

/** One buyer in the shop of one core. */
export function shopper(sale: TestSale, eventId: string, { buyer = randomUUID() as string, core = 0 } = {}) {
  const { publicApp } = sale.cores[core]!;
  const session = signToken(sale.ring, 'session', {
    event: eventId,
    place: randomBytes(16).toString('base64url'),
    turn: 1,
    buyer,
    device: deviceOf(buyer),
    expiresAtMs: Date.now() + 3_600_000,
  });

  const send = async <T>(
    method: string,
    path: string,
    { token = session, key, body }: { token?: string; key?: string | undefined; body?: object } = {},
  ): Promise<Answer<T>> => {
    const response = await publicApp.request(path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };

  return {
    buyer,
    session,
    send,
    hold: (quantity: number, { tier = 'a', key = randomUUID() as string } = {}) =>
      send<Hold>('POST', `/api/v1/events/${eventId}/holds`, { key, body: { tierId: tier, quantity } }),
    choose: (seats: readonly number[], { key = randomUUID() as string } = {}) =>
      send<Hold>('POST', `/api/v1/events/${eventId}/holds`, { key, body: { seats } }),
    look: (holdId: string) => send<Hold>('GET', `/api/v1/holds/${holdId}`),
    extend: (holdId: string, key = randomUUID() as string) =>
      send<Hold>('POST', `/api/v1/holds/${holdId}/extension`, { key }),
    release: (holdId: string) => send<object>('DELETE', `/api/v1/holds/${holdId}`),
    order: (holdId: string, { key = randomUUID() as string, name = 'Somebody' } = {}) =>
      send<Order>('POST', '/api/v1/orders', { key, body: { holdId, name, email: 'somebody@example.org' } }),
    pay: (
      { orderId, orderToken }: Pick<Order, 'orderId' | 'orderToken'>,
      { key = randomUUID() as string, method = 'sandboxApprove' } = {},
    ) =>
      send<Order>('POST', `/api/v1/orders/${orderId}/payments`, { token: orderToken, key, body: { method } }),
    lookOrder: ({ orderId, orderToken }: Pick<Order, 'orderId' | 'orderToken'>) =>
      send<Order>('GET', `/api/v1/orders/${orderId}`, { token: orderToken }),
    tickets: ({ orderId, orderToken }: Pick<Order, 'orderId' | 'orderToken'>) =>
      send<IssuedTickets>('GET', `/api/v1/orders/${orderId}/tickets`, { token: orderToken }),
  };
}

export type Shopper = ReturnType<typeof shopper>;
