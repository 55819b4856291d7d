import type { IssuedTickets } from '@onsale/shared/http/orders';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Db } from '../db/database.ts';
import type { OrderFacts } from './facts.ts';

/** The tickets on the live lines of an order, each with its own signed code; none while it is not paid. */
export async function issuedTickets(db: Db, ring: Keyring, order: OrderFacts): Promise<IssuedTickets> {
  const lines = await db
    .selectFrom('order_lines')
    .innerJoin('tickets', 'tickets.id', 'order_lines.ticket')
    .select(['tickets.id', 'tickets.tier', 'section', 'row', 'seat', 'order_lines.price_minor'])
    .where('order_lines.order', '=', order.id)
    .where('order_lines.live', '=', true)
    .orderBy('tickets.id')
    .execute();
  return {
    orderId: order.id,
    eventId: order.event,
    tickets: lines.map(({ id, tier, section, row, seat, price_minor }) => ({
      ticketId: id,
      tierId: tier,
      section,
      row,
      seat,
      priceMinor: price_minor,
      code: signToken(ring, 'ticket', { event: order.event, order: order.id, ticket: id }),
    })),
  };
}
