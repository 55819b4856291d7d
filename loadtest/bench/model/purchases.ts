import { randomUUID } from 'node:crypto';
import { openDatabase } from '@onsale/booking-core/db/database';
import { type Keyring, keyringOf } from '@onsale/shared/tokens/keyring';
import { startSale } from '../../../bin/stack/sale.ts';
import type { Context } from '../bench.ts';
import { putOnSale, TIER } from '../claims/put-on-sale.ts';
import { cpuMsOf, postgresCpuMs } from '../cpu.ts';
import { shopperOf } from '../http/requests.ts';
import { type Cost, costOf } from './cost.ts';
import { inProportion, type Sizes } from './law.ts';
import { each, inThree } from './three.ts';

const BUYERS = 32;

export interface PurchaseCosts {
  /** CPU of the core process for so many purchases, ms: a hold, an order, a payment in the sandbox, each a request. */
  readonly core: Cost;
  readonly postgres: Cost;
}

/** What it takes to buy, at the core as it runs; the sandbox's own rows are in the figure of Postgres. */
export async function purchaseCosts(context: Context): Promise<PurchaseCosts> {
  const sizes: Sizes = context.quick ? [150, 500, 1_000] : [400, 1_600, 4_000];
  const { url: databaseUrl } = await context.database('migrated');
  const database = openDatabase(databaseUrl, { connections: 1 });
  context.atEnd(database.close);
  const sale = await startSale({
    dir: context.dir,
    databaseUrl,
    redisUrl: context.redisUrl,
    redisPrefix: 'model-purchases',
    processes: { gateway: 0, admission: 0, 'core-worker': 0 },
    env: { LOG_LEVEL: 'warn' },
  });
  context.atEnd(sale.stop);
  const ring = keyringOf(sale.env.HMAC_KEYS!);
  const told = await inThree(sizes, context.quick ? 3 : 5, async (purchases, round) => {
    const eventId = `bought-${purchases}-${round}`;
    await putOnSale(database, eventId, { capacity: purchases, buyerLimit: 2 });
    const [core, postgres] = [cpuMsOf(sale.pid('core')), await postgresCpuMs(databaseUrl)];
    await buyAll(sale.coreUrl, ring, eventId, purchases);
    const coreMs = cpuMsOf(sale.pid('core')) - core;
    const postgresMs = (await postgresCpuMs(databaseUrl)) - postgres;
    context.say(`purchases · ${purchases}: core ${coreMs} ms, Postgres ${postgresMs} ms`);
    return { coreMs, postgresMs };
  });
  await sale.stop();
  const by = { unit: 'ms', counts: 'of them', law: inProportion, sizes } as const;
  return {
    core: costOf({
      ...by,
      id: 'purchase-core',
      what: 'CPU of the core for purchases',
      values: each(told, ({ coreMs }) => coreMs),
    }),
    postgres: costOf({
      ...by,
      id: 'purchase-postgres',
      what: 'CPU of Postgres for purchases',
      values: each(told, ({ postgresMs }) => postgresMs),
    }),
  };
}

/** So many shoppers buy a ticket each, some at once. */
async function buyAll(coreUrl: string, ring: Keyring, eventId: string, purchases: number): Promise<void> {
  let left = purchases;
  const stand = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await buy(coreUrl, ring, eventId);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, stand));
}

async function buy(coreUrl: string, ring: Keyring, eventId: string): Promise<void> {
  const { session, cookie } = shopperOf(ring, eventId);
  const ask = async <Answer>(path: string, token: string, body: object): Promise<Answer> => {
    const answer = await fetch(`${coreUrl}/api/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        cookie,
        'onsale-session': session,
        'idempotency-key': randomUUID(),
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const { holdId } = await ask<{ holdId: string }>(`events/${eventId}/holds`, session, {
    tierId: TIER,
    quantity: 1,
  });
  const person = { name: 'Fan of the bench', email: 'fan@example.com' };
  const order = await ask<{ orderId: string; orderToken: string }>('orders', session, { holdId, ...person });
  const { state } = await ask<{ state: string }>(`orders/${order.orderId}/payments`, order.orderToken, {
    method: 'sandboxApprove',
  });
  if (state !== 'paid') throw new Error(`A purchase ended ${state}.`);
}
