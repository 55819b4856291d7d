import { uuid } from '../small-sale.ts';
import { type Breaking, givenBack } from './breaking.ts';

/** Of orders and the tickets on them. */
export const orders: readonly Breaking[] = [
  {
    what: 'a ticket on two live orders',
    red: ['ticket-on-one-order', 'orders-have-their-lines', 'money-adds-up', 'stock-adds-up'],
    sql: `drop index order_lines_one_live_per_ticket;
      insert into order_lines ("order", ticket, price_minor, fee_minor, tax_minor, total_minor)
        values ('${uuid('b')}', 1, 1000, 90, 55, 1145);`,
  },
  {
    what: 'a paid order with one ticket less than its hold',
    red: ['orders-have-their-lines', 'money-adds-up', 'stock-adds-up'],
    sql: 'update order_lines set live = false where ticket = 2;',
  },
  {
    what: 'a ticket sold without its fee',
    red: ['lines-cost-what-their-tier-says', 'orders-have-their-lines', 'money-adds-up'],
    sql: 'update order_lines set fee_minor = 0, total_minor = 1055 where ticket = 2;',
  },
  {
    what: 'a tax that was rounded down, and the money with it',
    red: ['lines-cost-what-their-tier-says'],
    sql: `update order_lines set tax_minor = 54, total_minor = 1144 where "order" = '${uuid('a')}';
      update orders set tax_minor = 108, total_minor = 2288 where id = '${uuid('a')}';
      update payments set amount_minor = 2288 where id = '${uuid('a')}';
      update sandbox_charges set amount_minor = 2288 where id = '${uuid('a')}';`,
  },
  {
    what: 'an order whose parts are not those of its tickets',
    red: ['lines-cost-what-their-tier-says'],
    sql: `update orders set face_minor = 2090, fees_minor = 90 where id = '${uuid('a')}';`,
  },
  {
    what: 'a sold hold that no order paid for',
    red: ['orders-have-their-lines', 'stock-adds-up'],
    sql: `update tickets set free_at = 'infinity' where id = 3;
      update holds set expires_at = 'infinity' where id = '${uuid('b')}';`,
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
    what: 'a paid order of a cancelled event',
    red: ['cancelled-events'],
    sql: 'update events set cancelled_at = now();',
  },
];
