import type { Invariant } from '../sale.ts';

export const ticketOnOneOrder: Invariant = {
  id: 'ticket-on-one-order',
  rule: 'BOOK-1',
  promise: 'No ticket is on two live orders',
  check: ({ db, events }) =>
    db
      .selectFrom('order_lines')
      .innerJoin('orders', 'orders.id', 'order_lines.order')
      .where('orders.event', 'in', events)
      .where('order_lines.live', '=', true)
      .groupBy(['orders.event', 'order_lines.ticket'])
      .having((e) => e.fn.countAll(), '>', 1)
      .select((e) => [
        'orders.event',
        'order_lines.ticket',
        e.fn.countAll<string>().as('orders'),
        e.fn.agg<string>('string_agg', [e.cast('order_lines.order', 'text'), e.val(' ')]).as('which'),
      ])
      .execute(),
};
