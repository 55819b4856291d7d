import { uuid } from '../small-sale.ts';
import { type Breaking, compTakenBack } from './breaking.ts';

/** Of what operators give away. */
export const comps: readonly Breaking[] = [
  {
    what: 'a comp that somebody paid for',
    red: ['comps'],
    sql: `insert into payments (id, "order", provider, method, amount_minor, state, print, settled_at)
        values ('${uuid('f')}', '${uuid('1')}', 'sandbox', 'x', 0, 'kept', '', now());
      insert into sandbox_charges values ('${uuid('f')}', 0, 'captured', 0, now());`,
  },
  {
    what: 'a comp with a price',
    red: ['comps', 'orders-have-their-lines', 'lines-cost-what-their-tier-says', 'money-adds-up'],
    sql: 'update order_lines set price_minor = 500, total_minor = 500 where ticket = 11;',
  },
  {
    what: 'a comp that no operator gave',
    red: ['comps', 'changes-audited'],
    sql: `drop trigger audit_is_append_only on audit;
      delete from audit where subject = '${uuid('1')}';`,
  },
  {
    what: "a fan's hold that passes for a comp",
    red: ['comps'],
    sql: `update holds set turn = 0 where id = '${uuid('b')}';`,
  },
  {
    what: 'a comp taken back without its record',
    red: ['comps'],
    sql: `${compTakenBack} delete from comp_returns;`,
  },
  {
    what: 'a comp taken back that keeps its ticket',
    red: ['comps', 'orders-have-their-lines', 'stock-adds-up'],
    sql: `${compTakenBack} update order_lines set live = true where ticket = 11;`,
  },
];
