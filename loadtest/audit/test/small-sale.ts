import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import type pg from 'pg';

/** Ids of the small sale, so that a test can break one row of it. */
export const event = 'gig';
export const place = (letter: string): string => letter.repeat(22);
export const uuid = (letter: string): string => `${letter.repeat(8)}-0000-8000-8000-000000000000`;

/**
 * A sale of ten tickets at rest, in which every promise is kept: the last is blocked, A bought two, B holds one, C is offered his turn, D
 * shops, E paid too late and has his money back, F and G wait. Fans' letters are also those of their places.
 */
export async function smallSale(client: pg.Client, redis: Redis, prefix: string): Promise<void> {
  await client.query(`
    insert into venues values ('barn', 'The Barn', 'Town', 'ST', 'US', 'Etc/UTC', 10);
    insert into events (id, venue, name, starts_at, currency, admission, buyer_limit, hold_ttl_ms)
      values ('gig', 'barn', 'Gig', '2027-01-01', 'USD', 'general', 4, 600000);
    insert into tiers values ('gig', 'ga', 'General', 1000, 1);
    insert into tickets (id, event, tier) select n, 'gig', 'ga' from generate_series(1, 10) n;
    insert into rooms (event, open, paused, rate_per_minute, capacity, claim_window_ms, session_ttl_ms)
      values ('gig', true, false, 60, 5, 60000, 600000);

    insert into batches (event, batch, reason, taken_at, places)
      values ('gig', 1, 'rate', now() - interval '3 minutes', 3), ('gig', 2, 'rate', now() - interval '2 minutes', 2);
    insert into admissions values
      ('gig', '${place('A')}', 1, 1001, 1), ('gig', '${place('B')}', 1, 1002, 1), ('gig', '${place('E')}', 1, 1003, 1),
      ('gig', '${place('C')}', 1, 1004, 2), ('gig', '${place('D')}', 1, 1005, 2);

    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at) values
      ('${uuid('a')}', 'gig', '${uuid('a')}', '${place('A')}', 1, 2, '', '{1,2}', 'infinity'),
      ('${uuid('b')}', 'gig', '${uuid('b')}', '${place('B')}', 1, 1, '', '{3}', '2099-01-01'),
      ('${uuid('e')}', 'gig', '${uuid('e')}', '${place('E')}', 1, 1, '', '{4}', now() - interval '1 minute');
    update tickets set hold = '${uuid('a')}', free_at = 'infinity' where id in (1, 2);
    update tickets set hold = '${uuid('b')}', free_at = '2099-01-01' where id = 3;
    update tickets set hold = '${uuid('e')}', free_at = now() - interval '1 minute' where id = 4;

    insert into orders (id, event, buyer, hold, state, total_minor, currency, buyer_name, buyer_email, print, settled_at)
      values
      ('${uuid('a')}', 'gig', '${uuid('a')}', '${uuid('a')}', 'paid', 2000, 'USD', 'A', 'a@example.com', '', now()),
      ('${uuid('b')}', 'gig', '${uuid('b')}', '${uuid('b')}', 'pending', 1000, 'USD', 'B', 'b@example.com', '', null),
      ('${uuid('e')}', 'gig', '${uuid('e')}', '${uuid('e')}', 'refunded', 1000, 'USD', 'E', 'e@example.com', '', now());
    insert into order_lines values ('${uuid('a')}', 1, 1000), ('${uuid('a')}', 2, 1000);
    insert into payments (id, "order", provider, method, amount_minor, state, print, settled_at) values
      ('${uuid('a')}', '${uuid('a')}', 'sandbox', 'sandboxApprove', 2000, 'kept', '', now()),
      ('${uuid('e')}', '${uuid('e')}', 'sandbox', 'sandboxSlow', 1000, 'returned', '', now());
    insert into refunds (id, payment, amount_minor, why, done_at)
      values ('${uuid('e')}', '${uuid('e')}', 1000, 'too late', now());
    insert into sandbox_charges (id, amount_minor, state, refunded_minor, capture_at) values
      ('${uuid('a')}', 2000, 'captured', 0, now()), ('${uuid('e')}', 1000, 'captured', 1000, now());
    insert into audit (actor, action, subject, was, became) values
      ('core', 'order.paid', '${uuid('a')}', null, null), ('core', 'order.refunded', '${uuid('e')}', null, null),
      ('olga', 'stock.blocked', 'gig', null, '{"tickets": [10]}');
    insert into stock_moves values ('${uuid('f')}', 'gig', 'block', '{10}', '', now());
    update tickets set free_at = 'infinity' where id = 10;`);

  const keys = keysOf(prefix, event);
  const later = Date.now() + 600_000;
  await redis.zadd(keys.line, 1006, place('F'), 1007, place('G'));
  await redis.set(keys.last, '1007');
  await redis.zadd(keys.offers, later, place('C'));
  await redis.zadd(keys.sessions, later, place('B'), later, place('D'));
  await redis.hset(keys.turns, {
    [place('A')]: '1:1:2:ordered',
    [place('B')]: '1:1:2:claimed',
    [place('C')]: '1:1:2:offered',
    [place('D')]: '1:1:2:claimed',
    [place('E')]: '1:1:2:expired',
  });
}
