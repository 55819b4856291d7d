import type { Event } from '@onsale/shared/http/events';
import type { Hold } from '@onsale/shared/http/holds';
import { money } from '../format.ts';
import { t } from '../texts.ts';
import { placeOf, tierName } from './ticket-words.ts';

/** What is reserved, line by line, and what it costs. */
export function TicketList({
  event,
  basket,
}: {
  event: Event | null;
  basket: Pick<Hold, 'tickets' | 'totalMinor' | 'currency'>;
}) {
  const { tickets, totalMinor, currency } = basket;
  return (
    <div class="basket">
      <ul>
        {tickets.map((ticket) => (
          <li key={ticket.ticketId}>
            <span class="basket-words">
              <strong>{tierName(event, ticket.tierId)}</strong>
              <span>{placeOf(ticket)}</span>
            </span>
            <span class="price">{money(ticket.priceMinor, currency)}</span>
          </li>
        ))}
      </ul>
      <p class="total">
        <span>{t.held.total}</span>
        <strong class="total-amount">{money(totalMinor, currency)}</strong>
      </p>
    </div>
  );
}
