import { place, uuid } from '../small-sale.ts';
import { type Breaking, later, recordBatch } from './breaking.ts';

/** Of who was let in: records, batches, rate, slots. */
export const admissions: readonly Breaking[] = [
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
    red: ['admitted-once', 'batch-chain'],
    sql: `alter table admissions drop constraint admissions_pkey;
      insert into admissions values ('gig', '${place('D')}', 1, 1005, 2);`,
  },
  {
    what: 'a third turn',
    red: ['admitted-once'],
    sql: recordBatch(3, [
      ['D', 2, 1006],
      ['D', 3, 1007],
    ]),
    redis: (redis, keys) => redis.hset(keys.turns, place('D'), '3:1:2:claimed'),
  },
  {
    what: 'someone let in before one who stood before him',
    red: ['line-order'],
    sql: recordBatch(3, [['Z', 1, 900]]),
    redis: (redis, keys) => redis.hset(keys.turns, place('Z'), '1:1:2:claimed'),
  },
  {
    what: 'someone of another lane let in before one of that lane who stood before him',
    red: ['line-order'],
    sql:
      recordBatch(3, [['Y', 1, 2000]], { lane: 'priority' }) +
      recordBatch(4, [['Z', 1, 1500]], { lane: 'priority' }),
    redis: (redis, keys) =>
      redis.hset(keys.turns, { [place('Y')]: '1:1:2:left', [place('Z')]: '1:1:2:left' }),
  },
  {
    what: 'a place that is changed in its record',
    red: ['batch-chain'],
    sql: `update admissions set order_number = 1000 where place = '${place('B')}';`,
  },
  {
    what: 'a record that is changed, and its own hash with it',
    red: ['batch-chain'],
    sql: "update batches set reason = 'capacity' where batch = 1; update batches b set hash = batch_hash(b) where batch = 1;",
  },
  {
    what: 'a batch that was taken out',
    red: ['batch-chain'],
    sql: `${recordBatch(3, [['Y', 1, 2000]])} ${recordBatch(4, [['Z', 1, 2001]])}
      delete from admissions where place = '${place('Y')}'; delete from batches where batch = 3;`,
    redis: (redis, keys) => redis.hset(keys.turns, place('Z'), '1:1:2:left'),
  },
  {
    what: 'a batch that was put in between',
    red: ['batch-chain'],
    sql: `${recordBatch(3, [['Z', 1, 2001]])}
      insert into batches (id, event, batch, epoch, reason, taken_at, places, first_order, last_order, lanes, places_hash, previous_hash)
        overriding system value select 0, event, 9, epoch, reason, taken_at, 1, 500, 500, '{"general": 1, "priority": 0, "returning": 0}',
          sha256(convert_to('${place('Y')}:1:500:general', 'UTF8')), '' from batches where batch = 1;
      update batches b set hash = batch_hash(b) where id = 0;
      insert into admissions values ('gig', '${place('Y')}', 1, 500, 0);`,
    redis: (redis, keys) =>
      redis.hset(keys.turns, { [place('Y')]: '1:1:2:left', [place('Z')]: '1:1:2:left' }),
  },
  {
    what: 'two batches that changed places',
    red: ['batch-chain', 'line-order'],
    sql: `update admissions set batch_id = 3 - batch_id;
      update batches a set taken_at = b.taken_at, first_order = b.first_order, last_order = b.last_order, lanes = b.lanes, places = b.places,
        places_hash = b.places_hash, batch = b.batch, hash = b.hash from batches b where b.id = 3 - a.id;`,
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
      await redis.zrem(keys.general, place('F'));
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
    redis: (redis, keys) => redis.set(keys.last, '1800000000001006'),
  },
];
