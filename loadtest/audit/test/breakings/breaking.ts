import type { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import { place, uuid } from '../small-sale.ts';

export interface Breaking {
  /** What is broken, in words. */
  readonly what: string;
  /** The invariants that must turn red: these, and no other. */
  readonly red: readonly string[];
  /** Constraints in the way go first: the audit must see what the database would refuse. */
  readonly sql?: string;
  readonly redis?: (redis: Redis, keys: ReturnType<typeof keysOf>) => Promise<unknown>;
}

export const hold = (letter: string, tickets: string, rest = "'2099-01-01'") =>
  `insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at) values
   ('${uuid(letter)}', 'gig', '${uuid('d')}', '${place('D')}', 1, cardinality('${tickets}'::int[]), '', '${tickets}', ${rest});`;
export const take = (letter: string, tickets: string) =>
  `update tickets set hold = '${uuid(letter)}', free_at = '2099-01-01' where id = any('${tickets}');`;
export type Fan = readonly [letter: string, turn: number, order: number];
/** A batch as the core records it. */
export const recordBatch = (
  batch: number,
  fans: readonly Fan[],
  { lane = 'general', back = false, epoch = 1, reason = 'rate' } = {},
): string => `
  select record_batch('gig', ${batch}, ${epoch}, '${reason}', now(), '{${fans.map(([letter]) => place(letter))}}',
    '{${fans.map(([, turn]) => turn)}}', '{${fans.map(([, , order]) => order)}}', '{${fans.map(() => lane)}}',
    '{${fans.map(() => back)}}');`;
/** An invitation that a place has used. */
export const invited = (letter: string): string => `
  insert into invitations (id, event, lane, buyer, place, uses_max, uses, print, created_at)
    values ('0123456789abcdef0123', 'gig', 'priority', '${uuid('d')}', '${place(letter)}', 1, 1, '', now());
  insert into invitation_uses (invitation, event, place) values ('0123456789abcdef0123', 'gig', '${place(letter)}');`;
export const later = (): number => Date.now() + 600_000;

/** A gives one of two tickets back, as it is done: nothing breaks. */
export const givenBack = `update orders set state = 'partlyRefunded' where id = '${uuid('a')}';
  update order_lines set live = false where ticket = 2;
  update tickets set free_at = now() where id = 2;
  update holds set tickets = '{1}', quantity = 1 where id = '${uuid('a')}';
  insert into refunds (id, payment, amount_minor, why, done_at)
    values ('${uuid('f')}', '${uuid('a')}', 1145, 'a wish', now());
  update sandbox_charges set refunded_minor = 1145 where id = '${uuid('a')}';
  insert into audit (actor, action, subject) values ('opal', 'order.partlyRefunded', '${uuid('a')}');`;

/** The comp is taken back, as it is done: nothing breaks. */
export const compTakenBack = `update orders set state = 'cancelled' where id = '${uuid('1')}';
  update order_lines set live = false where ticket = 11;
  update tickets set free_at = now() where id = 11;
  update holds set released = true, expires_at = now() where id = '${uuid('1')}';
  insert into comp_returns values ('${uuid('3')}', '${uuid('1')}', '{11}', '', now());
  insert into audit (actor, action, subject) values ('olga', 'order.cancelled', '${uuid('1')}');`;

/** The same sale, paid elsewhere: there are no books of the sandbox to look into. */
export const paidByStripe = "update payments set provider = 'stripe'; delete from sandbox_charges;";

/** A turn that was revoked so long ago. */
export const revoked = (letter: string, ago: string): string =>
  `insert into revocations (event, place, turn, actor, why, at) values ('gig', '${place(letter)}', 1, 'olga', 'x', now() - interval '${ago}');`;

/** As the line says it of a place whose turn was revoked. */
export const overFor =
  (letter: string): NonNullable<Breaking['redis']> =>
  async (redis, keys) => {
    await redis.zrem(keys.sessions, place(letter));
    await redis.hset(keys.turns, place(letter), '1:1:2:revoked');
  };
