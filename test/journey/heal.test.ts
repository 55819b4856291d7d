import { limits } from '@onsale/shared/limits';
import { Redis } from 'ioredis';
import { expect, inject, test } from 'vitest';
import { startSale } from '../../bin/stack/sale.ts';
import { auditSale } from '../../loadtest/audit/audit.ts';
import { printed } from '../../loadtest/audit/print.ts';
import { runCrowd } from '../../loadtest/crowd/crowd.ts';
import { wish } from '../../loadtest/crowd/operator.ts';
import { summary } from '../../loadtest/crowd/print.ts';
import { freshDatabase } from '../database.ts';
import { ownRedis } from '../own-redis.ts';
import { until } from '../until.ts';

const EVENT = 'club-night';
const FANS = 300;

test('[LINE-30] [LINE-34] [LINE-37] Redis is wiped, and killed in the middle of the healing, under a crowd: nobody is forgotten, moved back or thrown out', {
  timeout: 240_000,
}, async () => {
  const [database, server] = [await freshDatabase({ seeded: true }), await ownRedis()];
  const redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => {});
  const sale = await startSale({
    dir: inject('servers').dir,
    databaseUrl: database.url,
    redisUrl: server.url,
    redisPrefix: 'lost',
    processes: { gateway: 2, admission: 2 },
  });
  try {
    const { operatorToken, gatewayUrls, gatewayUrl: url } = sale;
    await wish(
      { url, operatorToken, event: EVENT },
      {
        policy: { ratePerMinute: 600, capacity: 60, claimWindowMs: 30_000, sessionTtlMs: 120_000 },
        holdTtlMs: 60_000,
      },
    );
    const crowds = gatewayUrls.map((each, at) =>
      runCrowd({
        url: each,
        event: EVENT,
        fans: FANS,
        seed: at + 1,
        arrivalMs: 20_000,
        thinkMs: 400,
        poll: 0.3,
        rejoin: 0.1,
        withinMs: 200_000,
      }),
    );
    const key = `{lost:${EVENT}}`;
    const life = async (): Promise<[epoch: number, turnsKnown: string | null]> => {
      const [epoch, turnsKnown] = await redis.hmget(`${key}:life`, 'epoch', 'turnsKnown');
      return [Number(epoch), turnsKnown ?? null];
    };
    await until(async () => (await redis.zcard(`${key}:general`)) > 150, {
      what: 'a line',
      withinMs: 40_000,
    });
    await redis.flushall();
    await until(async () => (await life())[0] === 2, { what: 'a healing' });
    await until(
      async () => Number(await redis.hget(`${key}:life`, 'healUntilMs')) - Date.now() < limits.healMs * 0.6,
      { what: 'the middle of the healing' },
    );
    await sale.kill('admission', 'SIGKILL');
    await server.kill();
    await server.start();
    await until(async () => (await life())[0] === 3, { what: 'a second healing' });
    await sale.restart('admission');

    for (const crowd of await Promise.all(crowds)) expect(crowd.ok, summary(crowd)).toBe(true);
    const audit = await auditSale({ ...sale, event: EVENT });
    expect(audit.clean, printed(audit)).toBe(true);
  } finally {
    await sale.stop();
    redis.disconnect();
    await server.stop();
    await database.drop();
  }
});
