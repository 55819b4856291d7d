import type { OperatorRoom } from '@onsale/shared/http/operator';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onServer } from '../../bin/stack/database.ts';
import { type Sale, startSale } from '../sale.ts';
import { until } from '../until.ts';

const EVENT = 'club-night';

let sale: Sale;
beforeAll(async () => {
  sale = await startSale();
});
afterAll(() => sale?.stop());

async function desk(patch?: object): Promise<OperatorRoom> {
  const answer = await fetch(`${sale.gatewayUrl}/api/v1/operator/rooms/${EVENT}`, {
    method: patch ? 'PATCH' : 'GET',
    headers: { authorization: `Bearer ${sale.operatorToken}`, 'content-type': 'application/json' },
    ...(patch ? { body: JSON.stringify(patch) } : {}),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as OperatorRoom;
}

/** Until a tick works by this version. How soon that is, `bin/bench admission` measures. */
async function inForce(version: number): Promise<void> {
  await until(async () => (await desk()).live?.policyVersion === version, {
    what: `a tick that works by version ${version}`,
  });
}

/** Everything that Redis knew of this sale. */
async function wipeRedis(): Promise<void> {
  const redis = new Redis(sale.redisUrl);
  const keys = await redis.keys(`{${sale.redisPrefix}[:}]*`);
  await redis.unlink(...keys);
  redis.disconnect();
}

test('[ADM-9] a change of policy comes into force by itself, and is in the audit with who made it', async () => {
  const before = await until(async () => (await desk()).live && (await desk()), { what: 'a first tick' });
  for (const ratePerMinute of [700, 800, 900]) {
    const { policy } = await desk({ ratePerMinute });
    expect(policy).toMatchObject({ ratePerMinute, capacity: before.policy.capacity });
    await inForce(policy.version);
  }
  const { rows } = await onServer(sale.databaseUrl, (client) =>
    client.query(
      "select actor, was, became from audit where subject = $1 and action = 'room.changed' order by id",
      [EVENT],
    ),
  );
  expect(rows.map(({ actor, was, became }) => [actor, was.ratePerMinute, became.ratePerMinute])).toEqual([
    ['operator', 600, 700],
    ['operator', 700, 800],
    ['operator', 800, 900],
  ]);
});

test('[ADM-9] [ADM-10] a policy survives the loss of Redis, and the room ticks again by itself', async () => {
  const { policy } = await desk({ paused: true, capacity: 7 });
  await inForce(policy.version);
  await wipeRedis();
  // The line begins its next life, which is a version of the room and no change of its policy.
  const { version, epoch } = policy;
  await inForce(version + 1);
  expect((await desk()).policy).toEqual({ ...policy, version: version + 1, epoch: epoch + 1 });
});
