import { clientOver, overFetch } from '@onsale/shared/client';
import { listEvents } from '@onsale/shared/http/events';
import { getOperatorRoom, patchOperatorRoom } from '@onsale/shared/http/operator';
import { createRehearsal, endRehearsal } from '@onsale/shared/http/rehearsals';
import { limits } from '@onsale/shared/limits';
import { keysOf, roomsKey } from '@onsale/shared/redis-keys';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMailbox } from '../../booking-core/test/mailbox.ts';
import { SECRET_KEY, startStripe } from '../../booking-core/test/stripe-stand-in.ts';
import { ApiFan } from '../../gateway/web/test/api-fan.ts';
import { auditSale } from '../../loadtest/audit/audit.ts';
import { type Sale, startSale } from '../sale.ts';
import { until } from '../until.ts';

const EVENT = 'rehearsal-of-the-club';
let stripe: Awaited<ReturnType<typeof startStripe>>;
let box: Awaited<ReturnType<typeof openMailbox>>;
let sale: Sale;
let redis: Redis;
let database: pg.Client;
const call = (): ReturnType<typeof clientOver> =>
  clientOver(overFetch(fetch, { origin: sale.gatewayUrl, timeoutMs: 10_000 }));

beforeAll(async () => {
  [stripe, box] = await Promise.all([startStripe(), openMailbox()]);
  sale = await startSale({
    env: {
      PAYMENT_PROVIDER: 'stripe',
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_WEBHOOK_SECRET: 'whsec_here',
      STRIPE_PUBLISHABLE_KEY: 'pk_test_standin',
      STRIPE_API_URL: stripe.url,
      SMTP_URL: box.url,
    },
  });
  redis = new Redis(sale.redisUrl);
  database = new pg.Client({ connectionString: sale.databaseUrl });
  await database.connect();
}, 60_000);
afterAll(async () => {
  await database?.end();
  redis?.disconnect();
  await sale?.stop();
  await Promise.all([stripe?.close(), box?.close()]);
});

test('[RUN-50] [RUN-51] [RUN-52] [RUN-54] a rehearsal beside a sale that takes cards: hidden, bought whole in the sandbox, mailed to nobody, and gone when it is over', {
  timeout: 90_000,
}, async () => {
  const token = sale.operatorToken;
  const asked = { eventId: EVENT, name: 'Rehearsal of the club', like: 'club-night', buyerLimit: 3 };
  const made = await call()(createRehearsal, { token, body: asked });
  expect([made.status, made.body.room.policy.rehearsal, made.body.event.rehearsal]).toEqual([
    201,
    true,
    true,
  ]);
  const { events } = (await call()(listEvents)).body;
  expect(events.map(({ eventId }) => eventId)).toEqual(['club-night', 'dodgers-live']);

  const fan = await new ApiFan(sale.gatewayUrl, EVENT, 1).enter();
  const order = await fan.buy((await fan.hold({ tierId: 'general', quantity: 3 }))!);
  expect(order?.state).toBe('paid');
  expect(await fan.codes(order!)).toHaveLength(3);
  expect(stripe.asked).toEqual([]);
  const mail = await until(
    async () =>
      (
        await database.query<{ state: string }>(
          `select state from mails where "order" = $1 and state <> 'waiting'`,
          [order!.orderId],
        )
      ).rows[0],
    { what: 'its mail is written' },
  );
  expect(mail.state).toBe('kept');

  await call()(patchOperatorRoom, { token, params: { eventId: EVENT }, body: { ratePerMinute: 0 } });
  const join = () => fetch(`${sale.gatewayUrl}/api/v1/events/${EVENT}/line`, { method: 'POST' });
  expect((await join()).status).toBe(201);
  await until(async () => (await redis.zcard(keysOf(sale.redisPrefix, EVENT).general)) > 0, {
    what: 'a line',
  });
  const params = { eventId: EVENT };
  const ended = await call()(endRehearsal, { token, params });
  expect((await call()(endRehearsal, { token, params })).body).toEqual(ended.body);
  await expect(call()(getOperatorRoom, { token, params })).rejects.toMatchObject({ code: 'eventUnknown' });
  await expect(call()(patchOperatorRoom, { token, params, body: { open: true } })).rejects.toMatchObject({
    code: 'eventUnknown',
  });
  expect((await join()).status).toBe(409);

  // The time for telling whoever is there is over.
  const past = limits.rehearsalEndedKeptMs + limits.clockSkewMs;
  await database.query(
    `update rooms set retired_at = retired_at - $2 * interval '1 millisecond' where event = $1`,
    [EVENT, past],
  );
  const left = async (): Promise<string[]> =>
    (await redis.keys(`*${sale.redisPrefix}*`)).filter(
      (key) => key.includes(EVENT) && !key.includes(':fan:') && !key.includes(':net:'),
    );
  await until(async () => (await left()).length === 0, { what: 'Redis is free of it' });
  expect(await redis.smembers(roomsKey(sale.redisPrefix))).not.toContain(EVENT);
  expect((await join()).status).toBe(404);
  expect(await left()).toEqual([]);
  expect((await call()(endRehearsal, { token, params })).status).toBe(200);
  const { rows } = await database.query(
    `select count(*)::int n from tickets t join events e on e.id = t.event
     where e.id = $1 and t.free_at = 'infinity'`,
    [EVENT],
  );
  expect(rows).toEqual([{ n: 3 }]);
  expect(box.mails).toEqual([]);
  // What is left of it adds up, without the line.
  const { verdicts } = await auditSale({
    databaseUrl: sale.databaseUrl,
    redisUrl: sale.redisUrl,
    redisPrefix: sale.redisPrefix,
  });
  expect(verdicts.filter(({ broken }) => broken > 0)).toEqual([]);
});
