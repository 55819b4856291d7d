import { place } from '../small-sale.ts';
import { type Breaking, invited } from './breaking.ts';

/** Of the line, and of who was taken out of it. */
export const line: readonly Breaking[] = [
  {
    what: 'a fan who is back and was not passed over',
    red: ['one-place'],
    redis: (redis, keys) => redis.zadd(keys.back, 5, place('F')),
  },
  {
    what: 'a fan in two lanes',
    red: ['one-place'],
    redis: (redis, keys) => redis.zadd(keys.priority, 5, place('F')),
  },
  {
    what: 'a fan who was passed over and still stands in his lane',
    red: ['one-place'],
    redis: (redis, keys) => redis.hset(keys.away, { [place('F')]: 'general:1800000000001006' }),
  },
  {
    what: 'a fan who was removed and waits',
    red: ['taken-out'],
    sql: `insert into removals (event, place, actor, why) values ('gig', '${place('F')}', 'olga', 'x');`,
  },
  {
    what: 'a session whose turn was revoked',
    red: ['taken-out'],
    sql: `insert into revocations (event, place, turn, actor, why) values ('gig', '${place('D')}', 1, 'olga', 'x');`,
  },
  {
    what: 'an invitation that let one more in than it counts',
    red: ['invitation-uses'],
    sql: `${invited('Z')} insert into invitation_uses (invitation, event, place) select id, event, '${place('Y')}' from invitations;`,
  },
  {
    what: 'a fan in the line and shopping',
    red: ['one-place'],
    redis: (redis, keys) => redis.zadd(keys.general, 1005, place('D')),
  },
];
