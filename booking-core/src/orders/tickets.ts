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
    .select(['tickets.id as ticketId', 'tickets.tier as tierId', 'section', 'row', 'seat'])
    .select(['order_lines.price_minor as priceMinor', 'order_lines.fee_minor as feeMinor'])
    .select(['order_lines.tax_minor as taxMinor', 'order_lines.total_minor as totalMinor'])
    .where('order_lines.order', '=', order.id)
    .where('order_lines.live', '=', true)
    .orderBy('tickets.id')
    .execute();
  return {
    orderId: order.id,
    eventId: order.event,
    tickets: lines.map((line) => ({
      ...line,
      code: signToken(ring, 'ticket', { event: order.event, order: order.id, ticket: line.ticketId }),
    })),
  };
}
