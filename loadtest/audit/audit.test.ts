import { keysOf } from '@onsale/shared/redis-keys';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { freshRedis } from '../../test/redis.ts';
import { type AuditReport, auditSale, BREACHES_SHOWN } from './audit.ts';
import { invariants } from './invariants/index.ts';
import { printed } from './print.ts';
import { admissions } from './test/breakings/admissions.ts';
import {
  type Breaking,
  compTakenBack,
  givenBack,
  invited,
  paidByStripe,
  recordBatch,
} from './test/breakings/breaking.ts';
import { changes } from './test/breakings/changes.ts';
import { comps } from './test/breakings/comps.ts';
import { holds } from './test/breakings/holds.ts';
import { line } from './test/breakings/line.ts';
import { money } from './test/breakings/money.ts';
import { orders } from './test/breakings/orders.ts';
import { event, place, smallSale } from './test/small-sale.ts';

const breakings: readonly Breaking[] = [
  ...comps,
  ...orders,
  ...money,
  ...changes,
  ...holds,
  ...admissions,
  ...line,
];

/** Each looks at a database and a key space of its own, so they run beside each other. */
describe.concurrent('the audit', () => {
  let redis: Redis;

  beforeAll(() => {
    redis = new Redis(freshRedis().url);
  });
  afterAll(() => redis.disconnect());

  async function auditOf({ sql, redis: breakRedis }: Partial<Breaking> = {}): Promise<AuditReport> {
    const [database, space] = [await freshDatabase(), freshRedis()];
    const client = new pg.Client({ connectionString: database.url });
    try {
      await client.connect();
      await smallSale(client, redis, space.prefix);
      if (sql) await client.query(sql);
      if (breakRedis) await breakRedis(redis, keysOf(space.prefix, event));
      return await auditSale({
        databaseUrl: database.url,
        redisUrl: space.url,
        redisPrefix: space.prefix,
        event,
        settleMs: 0,
      });
    } finally {
      await client.end();
      await space.wipe();
      await database.drop();
    }
  }

  test('[RUN-8] is clean for a sale that keeps every promise', async () => {
    const report = await auditOf();
    expect(printed(report)).toMatch(/clean: \d+ promises kept$/);
    expect(report.clean).toBe(true);
  });

  test('[RUN-8] [PAY-12] is clean when tickets were given back as it is done', async () => {
    expect((await auditOf({ sql: givenBack })).clean).toBe(true);
  });

  test('[RUN-8] [PAY-27] is clean when another provider took the money', async () => {
    expect((await auditOf({ sql: paidByStripe })).clean).toBe(true);
  });

  test('[RUN-8] [BOOK-46] is clean when a comp was taken back as it is done', async () => {
    expect((await auditOf({ sql: compTakenBack })).clean).toBe(true);
  });

  test('[RUN-8] [LINE-25] is clean when an invitation leads who waited elsewhere to the priority lane, after later ones', async () => {
    const over = '1:1:2:left';
    const report = await auditOf({
      sql: `${recordBatch(3, [['Y', 1, 2000]], { lane: 'priority' })} ${invited('Z')}
        ${recordBatch(4, [['Z', 1, 1500]], { lane: 'priority' })}`,
      redis: (redis, keys) => redis.hset(keys.turns, { [place('Y')]: over, [place('Z')]: over }),
    });
    expect(printed(report)).toMatch(/clean/);
  });

  test('[RUN-8] [LINE-30] [LINE-38] is clean for lanes, the passed over, a loss of Redis, and a room that was open without it', async () => {
    const inTurn = '1:1:2:left';
    const report = await auditOf({
      sql: [
        recordBatch(3, [['H', 1, 900]], { back: true }),
        recordBatch(4, [['I', 1, 3000]], { lane: 'priority' }),
        recordBatch(1, [['J', 1, 800]], { epoch: 2 }),
        recordBatch(7, [['K', 1, 7]], { epoch: 2, reason: 'open', back: true }),
      ].join(''),
      redis: async (redis, keys) => {
        // Recalled after the loss: their slots are bounds, not shoppers.
        await redis.hset(keys.turns, {
          ...Object.fromEntries(['H', 'I', 'J'].map((letter) => [place(letter), inTurn])),
          [place('D')]: '1:1:2:recalled',
          [place('B')]: '1:1:2:recalled',
          [place('L')]: '0:2:0:left',
        });
        await redis.hset(keys.away, place('M'), 'general:950');
        await redis.zadd(keys.back, 950, place('M'));
      },
    });
    expect(printed(report)).toMatch(/clean/);
  });

  test.each(breakings)('[RUN-8] sees $what', async ({ red, ...breaking }) => {
    const report = await auditOf(breaking);
    const broken = report.verdicts.filter((verdict) => verdict.broken > 0);
    expect(broken.map(({ id }) => id).sort()).toEqual([...red].sort());
    expect(report.clean).toBe(false);
    for (const { breaches } of broken) expect(printed(report)).toContain(JSON.stringify(breaches[0]));
  });

  test('[RUN-8] judges the rate and the capacity by the policies of their time', async () => {
    const change = (minutesAgo: number, was: object) =>
      `insert into audit (at, actor, action, subject, was) values
       (now() - interval '${minutesAgo} minutes', 'operator', 'room.changed', 'gig', '${JSON.stringify(was)}');`;
    const lowered = (minutesAgo: number): string =>
      `update rooms set rate_per_minute = 0, capacity = 2, version = 3;
       ${change(minutesAgo, { ratePerMinute: 60 })} ${change(minutesAgo, { capacity: 5 })}`;
    // The batches were taken three and two minutes ago, the sessions are from before the change.
    expect((await auditOf({ sql: lowered(1) })).clean).toBe(true);
    const late = await auditOf({ sql: lowered(10) });
    expect(late.verdicts.filter(({ broken }) => broken > 0).map(({ id }) => id)).toEqual(['rate']);
  });

  test('[RUN-8] has no invariant that no breaking turns red', () => {
    const seen = new Set(breakings.flatMap(({ red }) => red));
    expect(invariants.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
  });

  test('[RUN-8] shows the first rows of many, and counts the rest', async () => {
    const report = await auditOf({
      redis: async (redis, keys) => {
        for (let n = 10; n < 40; n += 1) await redis.hset(keys.turns, `${n}`.repeat(11), '1:1:2:claimed');
      },
    });
    const verdict = report.verdicts.find(({ id }) => id === 'admission-recorded')!;
    expect([verdict.broken, verdict.breaches.length]).toEqual([30, BREACHES_SHOWN]);
    expect(printed(report)).toContain('… and 10 more');
  });
});
