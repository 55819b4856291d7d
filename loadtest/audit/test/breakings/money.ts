import { uuid } from '../small-sale.ts';
import { type Breaking, givenBack, paidByStripe } from './breaking.ts';

/** Of money: payments, refunds, and what providers tell. */
export const money: readonly Breaking[] = [
  {
    what: 'money of another provider that is not given back',
    red: ['money-adds-up', 'payments-settled'],
    sql: `${paidByStripe} update refunds set done_at = null;`,
  },
  {
    what: 'a refund without fee and tax',
    red: ['refunded-orders', 'money-adds-up'],
    sql: `${givenBack} update refunds set amount_minor = 1000 where id = '${uuid('f')}';
      update sandbox_charges set refunded_minor = 1000 where id = '${uuid('a')}';`,
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
      ('${uuid('f')}', '${uuid('a')}', 'sandbox', 'x', 2290, 'declined', '', now(), now());
      insert into sandbox_charges values ('${uuid('f')}', 2290, 'captured', 0, now());`,
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
    what: 'money taken of a payment that was cancelled',
    red: ['payments-settled', 'money-adds-up'],
    sql: `insert into payments values
      ('${uuid('f')}', '${uuid('b')}', 'sandbox', 'x', 1000, 'cancelled', '', now(), now());
      insert into sandbox_charges values ('${uuid('f')}', 1000, 'captured', 0, now());`,
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
      update sandbox_charges set refunded_minor = 2290 where id = '${uuid('a')}';`,
  },
  {
    what: 'a payment whose answer nobody wrote down',
    red: ['payments-settled'],
    sql: `insert into payments values ('${uuid('f')}', '${uuid('b')}', 'sandbox', 'x', 1000, 'asked', '', now());`,
  },
  {
    what: 'a webhook that nobody settled',
    red: ['webhooks-settled'],
    sql: `insert into webhook_events (provider, event, payment, state) values ('sandbox', 'e', '${uuid('a')}', 'captured');`,
  },
  {
    what: 'a webhook that told of money, and was not believed',
    red: ['webhooks-settled'],
    sql: `insert into payments values ('${uuid('f')}', '${uuid('b')}', 'sandbox', 'x', 1000, 'declined', '', now(), now());
      insert into webhook_events (provider, event, payment, state, settled_at)
        values ('sandbox', 'e', '${uuid('f')}', 'captured', now());`,
  },
];
