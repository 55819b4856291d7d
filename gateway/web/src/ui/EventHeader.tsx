import type { Event } from '@onsale/shared/http/events';
import { dateTime, dayOfMonth, monthShort } from '../format.ts';

/** Which event this is, on every step. */
export function EventHeader({ event }: { event: Event }) {
  return (
    <header class="event-header">
      <div class="date-block" aria-hidden="true">
        <span class="date-month">{monthShort(event.startsAtMs, event.venue.timeZone)}</span>
        <span class="date-day">{dayOfMonth(event.startsAtMs, event.venue.timeZone)}</span>
      </div>
      <div class="event-words">
        <h1>{event.name}</h1>
        <p>
          {event.venue.name}, {event.venue.city}
        </p>
        <p>
          <time dateTime={new Date(event.startsAtMs).toISOString()}>
            {dateTime(event.startsAtMs, event.venue.timeZone)}
          </time>
        </p>
      </div>
    </header>
  );
}
