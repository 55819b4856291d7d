import { uuid } from '../small-sale.ts';
import type { Breaking } from './breaking.ts';

/** Of changes, and what the audit of the sale says of them. */
export const changes: readonly Breaking[] = [
  {
    what: 'a hold that an operator released, and that lives',
    red: ['changes-audited'],
    sql: `update holds set released = false, expires_at = '2099-01-01' where id = '${uuid('2')}';
      update tickets set hold = '${uuid('2')}', free_at = '2099-01-01' where id = 5;`,
  },
  {
    what: 'an order paid without an entry in the audit',
    red: ['changes-audited'],
    sql: `drop trigger audit_is_append_only on audit;
      delete from audit where action = 'order.paid' and subject = '${uuid('a')}';`,
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
];
