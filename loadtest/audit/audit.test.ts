import { keysOf } from '@onsale/shared/redis-keys';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import { freshRedis } from '../../test/redis.ts';
import { type AuditReport, auditSale, BREACHES_SHOWN } from './audit.ts';
import { invariants } from './invariants/index.ts';
import { printed } from './print.ts';
import { event, place, smallSale, uuid } from './test/small-sale.ts';

interface Breaking {
  /** What is broken, in words. */
  readonly what: string;
  /** The invariants that must turn red: these, and no other. */
  readonly red: readonly string[];
  /** Constraints in the way go first: the audit must see what the database would refuse. */
  readonly sql?: string;
  readonly redis?: (redis: Redis, keys: ReturnType<typeof keysOf>) => Promise<unknown>;
}

const hold = (letter: string, tickets: string, rest = "'2099-01-01'") =>
  `insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at) values
   ('${uuid(letter)}', 'gig', '${uuid('d')}', '${place('D')}', 1, cardinality('${tickets}'::int[]), '', '${tickets}', ${rest});`;
const take = (letter: string, tickets: string) =>
  `update tickets set hold = '${uuid(letter)}', free_at = '2099-01-01' where id = any('${tickets}');`;
const later = (): number => Date.now() + 600_000;

/** A gives one of two tickets back, as it is done: nothing breaks. */
const givenBack = `update orders set state = 'partlyRefunded' where id = '${uuid('a')}';
  update order_lines set live = false where ticket = 2;
  update tickets set free_at = now() where id = 2;
  update holds set tickets = '{1}', quantity = 1 where id = '${uuid('a')}';
  insert into refunds (id, payment, amount_minor, why, done_at)
    values ('${uuid('f')}', '${uuid('a')}', 1000, 'a wish', now());
  update sandbox_charges set refunded_minor = 1000 where id = '${uuid('a')}';
  insert into audit (actor, action, subject) values ('opal', 'order.partlyRefunded', '${uuid('a')}');`;

const breakings: readonly Breaking[] = [
  {
    what: 'a ticket on two live orders',
    red: ['ticket-on-one-order', 'orders-have-their-lines', 'money-adds-up', 'stock-adds-up'],
    sql: `drop index order_lines_one_live_per_ticket;
      insert into order_lines values ('${uuid('b')}', 1, 1000);`,
  },
  {
    what: 'a paid order with one ticket less than its hold',
    red: ['orders-have-their-lines', 'money-adds-up', 'stock-adds-up'],
    sql: 'update order_lines set live = false where ticket = 2;',
  },
  {
    what: 'a sold hold that no order paid for',
    red: ['orders-have-their-lines', 'stock-adds-up'],
    sql: `update tickets set free_at = 'infinity' where id = 3;
      update holds set expires_at = 'infinity' where id = '${uuid('b')}';`,
  },
  {
    what: 'money taken for nothing',
    red: ['money-adds-up'],
    sql: `insert into sandbox_charges values ('${uuid('f')}', 500, 'captured', 0, now());`,
  },
  {
    what: 'a second charge for one order',
    red: ['money-adds-up', 'payments-settled'],
    sql: `insert into payments values
      ('${uuid('f')}', '${uuid('a')}', 'sandbox', 'x', 2000, 'declined', '', now(), now());
      insert into sandbox_charges values ('${uuid('f')}', 2000, 'captured', 0, now());`,
  },
  {
    what: 'a late payment that was not given back',
    red: ['money-adds-up', 'payments-settled'],
    sql: `update sandbox_charges set refunded_minor = 0 where id = '${uuid('e')}';`,
  },
  {
    what: 'a ticket given back, and its money never decided on',
    red: ['refunded-orders', 'money-adds-up'],
    sql: `${givenBack} delete from refunds where id = '${uuid('f')}';
      update sandbox_charges set refunded_minor = 0 where id = '${uuid('a')}';`,
  },
  {
    what: 'a ticket given back, and its money not sent',
    red: ['payments-settled', 'money-adds-up'],
    sql: `${givenBack} update sandbox_charges set refunded_minor = 0 where id = '${uuid('a')}';`,
  },
  {
    what: 'a ticket given back that is still on its order',
    red: ['orders-have-their-lines', 'refunded-orders', 'money-adds-up', 'stock-adds-up'],
    sql: `${givenBack} update order_lines set live = true where ticket = 2;`,
  },
  {
    what: 'a cancelled order that keeps tickets and money',
    red: ['orders-have-their-lines', 'refunded-orders', 'payments-settled'],
    sql: `update orders set state = 'cancelled' where id = '${uuid('a')}';
      insert into audit (actor, action, subject) values ('buyer', 'order.cancelled', '${uuid('a')}');`,
  },
  {
    what: 'money taken of a payment that was cancelled',
    red: ['payments-settled', 'money-adds-up'],
    sql: `insert into payments values
      ('${uuid('f')}', '${uuid('b')}', 'sandbox', 'x', 1000, 'cancelled', '', now(), now());
      insert into sandbox_charges values ('${uuid('f')}', 1000, 'captured', 0, now());`,
  },
  {
    what: 'a paid order of a cancelled event',
    red: ['cancelled-events'],
    sql: 'update events set cancelled_at = now();',
  },
  {
    what: 'a refund that nobody carries out',
    red: ['payments-settled'],
    sql: 'update refunds set done_at = null;',
  },
  {
    what: 'a refunded order without its refund',
    red: ['refunded-orders', 'payments-settled'],
    sql: 'delete from refunds;',
  },
  {
    what: 'a paid order without a payment',
    red: ['refunded-orders', 'money-adds-up'],
    sql: `delete from payments where id = '${uuid('a')}';
      update sandbox_charges set refunded_minor = 2000 where id = '${uuid('a')}';`,
  },
  {
    what: 'a payment whose answer nobody wrote down',
    red: ['payments-settled'],
    sql: `insert into payments values ('${uuid('f')}', '${uuid('b')}', 'sandbox', 'x', 1000, 'asked', '', now());`,
  },
  {
    what: 'an order paid without an entry in the audit',
    red: ['changes-audited'],
    sql: `drop trigger audit_is_append_only on audit;
      delete from audit where action = 'order.paid';`,
  },
  {
    what: 'a policy changed behind the audit',
    red: ['changes-audited'],
    sql: 'update rooms set version = 2;',
  },
  {
    what: 'a ticket blocked behind the audit',
    red: ['changes-audited'],
    sql: "update tickets set free_at = 'infinity' where id = 9;",
  },
  {
    what: 'a sold ticket that passes for blocked',
    red: ['changes-audited', 'holds-and-tickets-agree', 'stock-adds-up'],
    sql: 'update tickets set hold = null where id = 1;',
  },
  {
    what: 'a ticket in two live holds',
    red: ['ticket-in-one-hold', 'holds-and-tickets-agree', 'stock-adds-up'],
    sql: hold('c', '{3}'),
  },
  {
    what: 'a hold on a sold ticket',
    red: ['ticket-in-one-hold', 'holds-and-tickets-agree', 'stock-adds-up'],
    sql: hold('c', '{1}'),
  },
  {
    what: 'a ticket that is taken by a hold that was released',
    red: ['holds-and-tickets-agree', 'stock-adds-up'],
    sql: `update holds set released = true where id = '${uuid('b')}';`,
  },
  {
    what: 'a ticket that is free before its hold is over',
    red: ['holds-and-tickets-agree', 'stock-adds-up'],
    sql: "update tickets set free_at = '-infinity' where id = 3;",
  },
  {
    what: 'a ticket that is gone',
    red: ['stock-adds-up'],
    sql: 'delete from tickets where id = 10;',
  },
  {
    what: 'a buyer who holds more than the limit',
    red: ['buyer-limit'],
    sql: hold('c', '{5,6,7}') + take('c', '{5,6,7}') + hold('d', '{8,9}') + take('d', '{8,9}'),
  },
  {
    what: 'a hold of someone who was not admitted',
    red: ['admission-recorded'],
    sql: `update holds set place = '${place('Z')}' where id = '${uuid('b')}';`,
  },
  {
    what: 'an offer without a record',
    red: ['admission-recorded'],
    redis: async (redis, keys) => {
      await redis.zadd(keys.offers, later(), place('Z'));
      await redis.hset(keys.turns, place('Z'), '1:1:2:offered');
    },
  },
  {
    what: 'a second turn without a record',
    red: ['admission-recorded'],
    redis: (redis, keys) => redis.hset(keys.turns, place('D'), '2:1:2:claimed'),
  },
  {
    what: 'one turn recorded twice',
    red: ['admitted-once'],
    sql: `alter table admissions drop constraint admissions_pkey;
      insert into admissions values ('gig', '${place('D')}', 1, 1005, 2);`,
  },
  {
    what: 'a third turn',
    red: ['admitted-once'],
    sql: `insert into batches (event, batch, reason, taken_at, places) values ('gig', 3, 'rate', now(), 2);
      insert into admissions values ('gig', '${place('D')}', 2, 1006, 3), ('gig', '${place('D')}', 3, 1007, 3);`,
    redis: (redis, keys) => redis.hset(keys.turns, place('D'), '3:1:2:claimed'),
  },
  {
    what: 'someone let in before one who stood before him',
    red: ['line-order'],
    sql: `update admissions set order_number = 900 where place = '${place('D')}';`,
  },
  {
    what: 'more in a minute than the rate',
    red: ['rate'],
    sql: 'update rooms set rate_per_minute = 1;',
  },
  {
    what: 'more offers and sessions than slots',
    red: ['capacity'],
    sql: 'update rooms set capacity = 2;',
  },
  {
    what: 'a batch that nobody finishes',
    red: ['nobody-lost'],
    redis: async (redis, keys) => {
      await redis.zrem(keys.line, place('F'));
      await redis.hset(keys.batch, { '#': '3:1:rate', [place('F')]: '1006:1' });
    },
  },
  {
    what: 'someone admitted who was never told',
    red: ['nobody-lost', 'admission-recorded'],
    redis: (redis, keys) => redis.hdel(keys.turns, place('C')),
  },
  {
    what: 'an order number that was never given',
    red: ['nobody-lost'],
    redis: (redis, keys) => redis.set(keys.last, '1006'),
  },
  {
    what: 'a fan in the line and shopping',
    red: ['one-place'],
    redis: (redis, keys) => redis.zadd(keys.line, 1005, place('D')),
  },
];

describe('the audit', () => {
  const space = freshRedis();
  let redis: Redis;

  beforeAll(() => {
    redis = new Redis(space.url);
  });
  afterAll(async () => {
    await space.wipe();
    redis.disconnect();
  });

  async function auditOf({ sql, redis: breakRedis }: Partial<Breaking> = {}): Promise<AuditReport> {
    const database = await freshDatabase();
    const client = new pg.Client({ connectionString: database.url });
    try {
      await client.connect();
      await space.wipe();
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
