import type { Event } from '@onsale/shared/http/events';
import type { Order } from '@onsale/shared/http/orders';
import { t } from '../texts.ts';
import { TicketList } from './TicketList.tsx';

/** What was paid, below the tickets; not on paper, where a ticket is a page. */
export function Receipt({ order, event }: { order: Order; event: Event | null }) {
  return (
    <div class="screen-only">
      <h3>{t.order.costs}</h3>
      <TicketList event={event} basket={order} />
    </div>
  );
}
