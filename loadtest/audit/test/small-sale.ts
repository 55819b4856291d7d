import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import type pg from 'pg';

/** Ids of the small sale, so that a test can break one row of it. */
export const event = 'gig';
export const place = (letter: string): string => letter.repeat(22);
export const uuid = (letter: string): string => `${letter.repeat(8)}-0000-8000-8000-000000000000`;

/**
 * A sale of ten tickets at rest, in which every promise is kept; a ticket costs 1000, a fee of 90, and 5 % on both, 54.5 rounded up: the last is blocked, A bought two, B holds one, C is offered his turn, D
 * shops, E paid too late and has his money back, F and G wait. Fans' letters are also those of their places.
 */
export async function smallSale(client: pg.Client, redis: Redis, prefix: string): Promise<void> {
  await client.query(`
    insert into venues values ('barn', 'The Barn', 'Town', 'ST', 'US', 'Etc/UTC', 11);
    insert into events (id, venue, name, starts_at, currency, admission, buyer_limit, hold_ttl_ms)
      values ('gig', 'barn', 'Gig', '2027-01-01', 'USD', 'general', 4, 600000);
    insert into tiers (event, id, name, price_minor, fee_minor, tax_basis_points, position)
      values ('gig', 'ga', 'General', 1000, 90, 500, 1);
    insert into tickets (id, event, tier) select n, 'gig', 'ga' from generate_series(1, 11) n;
    insert into rooms (event, open, paused, rate_per_minute, capacity, claim_window_ms, session_ttl_ms)
      values ('gig', true, false, 60, 5, 60000, 600000);

    select record_batch('gig', 1, 1, 'rate', now() - interval '3 minutes', '{${place('A')},${place('B')},${place('E')}}',
      '{1,1,1}', '{1001,1002,1003}', '{general,general,general}', '{f,f,f}');
    select record_batch('gig', 2, 1, 'rate', now() - interval '2 minutes', '{${place('C')},${place('D')}}',
      '{1,1}', '{1004,1005}', '{general,general}', '{f,f}');

    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at) values
      ('${uuid('a')}', 'gig', '${uuid('a')}', '${place('A')}', 1, 2, '', '{1,2}', 'infinity'),
      ('${uuid('b')}', 'gig', '${uuid('b')}', '${place('B')}', 1, 1, '', '{3}', '2099-01-01'),
      ('${uuid('e')}', 'gig', '${uuid('e')}', '${place('E')}', 1, 1, '', '{4}', now() - interval '1 minute');
    update tickets set hold = '${uuid('a')}', free_at = 'infinity' where id in (1, 2);
    update tickets set hold = '${uuid('b')}', free_at = '2099-01-01' where id = 3;
    update tickets set hold = '${uuid('e')}', free_at = now() - interval '1 minute' where id = 4;

    insert into orders (id, event, buyer, hold, state, face_minor, fees_minor, tax_minor, total_minor, currency, buyer_name,
      buyer_email, print, settled_at) values
      ('${uuid('a')}', 'gig', '${uuid('a')}', '${uuid('a')}', 'paid', 2000, 180, 110, 2290, 'USD', 'A', 'a@example.com', '', now()),
      ('${uuid('b')}', 'gig', '${uuid('b')}', '${uuid('b')}', 'pending', 1000, 90, 55, 1145, 'USD', 'B', 'b@example.com', '', null),
      ('${uuid('e')}', 'gig', '${uuid('e')}', '${uuid('e')}', 'refunded', 1000, 90, 55, 1145, 'USD', 'E', 'e@example.com', '', now());
    insert into order_lines ("order", ticket, price_minor, fee_minor, tax_minor, total_minor)
      values ('${uuid('a')}', 1, 1000, 90, 55, 1145), ('${uuid('a')}', 2, 1000, 90, 55, 1145);
    insert into payments (id, "order", provider, method, amount_minor, state, print, settled_at) values
      ('${uuid('a')}', '${uuid('a')}', 'sandbox', 'sandboxApprove', 2290, 'kept', '', now()),
      ('${uuid('e')}', '${uuid('e')}', 'sandbox', 'sandboxSlow', 1145, 'returned', '', now());
    insert into refunds (id, payment, amount_minor, why, done_at)
      values ('${uuid('e')}', '${uuid('e')}', 1145, 'too late', now());
    insert into sandbox_charges (id, amount_minor, state, refunded_minor, capture_at) values
      ('${uuid('a')}', 2290, 'captured', 0, now()), ('${uuid('e')}', 1145, 'captured', 1145, now());
    insert into audit (actor, action, subject, was, became) values
      ('core', 'order.paid', '${uuid('a')}', null, null), ('core', 'order.refunded', '${uuid('e')}', null, null),
      ('olga', 'stock.blocked', 'gig', null, '{"tickets": [10]}');
    insert into stock_moves values ('${uuid('f')}', 'gig', 'block', '{10}', '', now());
    update tickets set free_at = 'infinity' where id = 10;

    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, released) values
      ('${uuid('1')}', 'gig', '${uuid('1')}', 'comp', 0, 1, '', '{11}', 'infinity', false),
      ('${uuid('2')}', 'gig', '${uuid('d')}', '${place('D')}', 1, 1, '', '{5}', now() - interval '1 minute', true);
    update tickets set hold = '${uuid('1')}', free_at = 'infinity' where id = 11;
    insert into orders (id, event, buyer, hold, state, face_minor, total_minor, currency, buyer_name, buyer_email, print,
      settled_at) values
      ('${uuid('1')}', 'gig', '${uuid('1')}', '${uuid('1')}', 'paid', 0, 0, 'USD', 'G', 'g@example.com', '', now());
    insert into order_lines ("order", ticket, price_minor, total_minor) values ('${uuid('1')}', 11, 0, 0);
    insert into audit (actor, action, subject, became, why) values
      ('olga', 'order.paid', '${uuid('1')}', '{"state": "paid", "comp": true, "tickets": [11]}', 'the band asked'),
      ('olga', 'hold.released', '${uuid('2')}', '{"state": "released"}', 'a fan wrote');`);

  const keys = keysOf(prefix, event);
  const later = Date.now() + 600_000;
  await redis.zadd(keys.general, '1800000000001006', place('F'), '1800000000001007', place('G'));
  await redis.set(keys.last, '1800000000001007');
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
