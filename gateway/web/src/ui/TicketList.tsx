import type { Event } from '@onsale/shared/http/events';
import type { Hold } from '@onsale/shared/http/holds';
import type { Order } from '@onsale/shared/http/orders';
import { money } from '../format.ts';
import { t } from '../texts.ts';
import { Costs, partsOf } from './Costs.tsx';
import { placeOf, tierName } from './ticket-words.ts';

/** What is reserved or bought, line by line, and what it costs. An order knows its own sums: tickets given back stay in them. */
export function TicketList({ event, basket }: { event: Event | null; basket: Hold | Order }) {
  const { tickets, currency } = basket;
  const parts = 'faceMinor' in basket ? basket : partsOf(tickets);
  return (
    <div class="basket">
      <ul aria-label={t.held.face}>
        {tickets.map((ticket) => (
          <li key={ticket.ticketId}>
            <span class="basket-words">
              <strong>{tierName(event, ticket.tierId)}</strong>
              <span>{placeOf(ticket)}</span>
            </span>
            <span class="price">{money(ticket.totalMinor, currency)}</span>
          </li>
        ))}
      </ul>
      <Costs
        parts={parts}
        refundedMinor={'refundedMinor' in basket ? basket.refundedMinor : 0}
        currency={currency}
      />
    </div>
  );
}
