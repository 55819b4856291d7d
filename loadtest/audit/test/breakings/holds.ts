import { uuid } from '../small-sale.ts';
import { type Breaking, hold, overFor, revoked, take } from './breaking.ts';

/** Of holds and their tickets. */
export const holds: readonly Breaking[] = [
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
    what: 'a hold that outlived its turn',
    red: ['revoked-turns'],
    sql: `drop trigger revocation_releases on revocations; ${revoked('B', '1 hour')}`,
    redis: overFor('B'),
  },
  {
    what: 'a hold that was made after its turn was revoked, and is over',
    red: ['revoked-turns'],
    sql: `${revoked('E', '1 hour')} update holds set created_at = now() where id = '${uuid('e')}';`,
  },
];
