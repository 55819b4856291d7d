import type { Event } from '@onsale/shared/http/events';
import type { IssuedTickets as Issued } from '@onsale/shared/http/orders';
import { dateTime } from '../format.ts';
import { t } from '../texts.ts';
import { QrCode } from './QrCode.tsx';
import { placeOf, tierName } from './ticket-words.ts';

/** The tickets as they are shown at the entrance, one below the other, and one a page on paper. */
export function IssuedTickets({ event, tickets }: { event: Event | null; tickets: Issued['tickets'] }) {
  return (
    <ol class="issued">
      {tickets.map((ticket, index) => (
        <li class="issued-ticket" key={ticket.ticketId}>
          <QrCode text={ticket.code} label={t.tickets.qr(placeOf(ticket))} />
          <div class="issued-words">
            <p class="issued-count">{t.tickets.ticket(index + 1, tickets.length)}</p>
            {event !== null && <p class="issued-event">{event.name}</p>}
            <p class="issued-place">{placeOf(ticket)}</p>
            <p>{tierName(event, ticket.tierId)}</p>
            {event !== null && (
              <p class="paper-only">
                {event.venue.name}, {event.venue.city}. {dateTime(event.startsAtMs, event.venue.timeZone)}
              </p>
            )}
            <p class="issued-code">{ticket.code}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
