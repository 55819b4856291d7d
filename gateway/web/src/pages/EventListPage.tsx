import type { Event, EventList } from '@onsale/shared/http/events';
import { useEffect } from 'preact/hooks';
import type { z } from 'zod';
import { TroubleBanner } from '../fan/views/TroubleBanner.tsx';
import { dateTime, dayOfMonth, money, monthShort } from '../format.ts';
import { useRead } from '../net/use-read.ts';
import { t } from '../texts.ts';
import { Frame } from '../ui/Frame.tsx';

const everyMs = 15_000;

/** What is on sale. */
export function EventListPage() {
  const { value, trouble, again } = useRead<z.infer<typeof EventList>>('/api/v1/events', null, everyMs);
  useEffect(() => {
    document.title = `${t.list.title} · ${t.brand}`;
  }, []);
  return (
    <Frame>
      {trouble !== null && <TroubleBanner trouble={trouble} onTry={again} />}
      <h1 class="page-title">{t.list.title}</h1>
      <p class="lead">{t.list.lead}</p>
      {value?.events.length === 0 && <p>{t.list.none}</p>}
      <ul class="events" aria-busy={value === null}>
        {value?.events.map((event) => (
          <li key={event.eventId}>
            <EventCard event={event} />
          </li>
        ))}
      </ul>
    </Frame>
  );
}

function EventCard({ event }: { event: Event }) {
  const from = Math.min(...event.tiers.map((tier) => tier.totalMinor));
  return (
    <a class="event-card" href={`/events/${event.eventId}`}>
      <span class="date-block" aria-hidden="true">
        <span class="date-month">{monthShort(event.startsAtMs, event.venue.timeZone)}</span>
        <span class="date-day">{dayOfMonth(event.startsAtMs, event.venue.timeZone)}</span>
      </span>
      <span class="event-words">
        <strong class="event-name">{event.name}</strong>
        <span>
          {event.venue.name}, {event.venue.city}
        </span>
        <span>{dateTime(event.startsAtMs, event.venue.timeZone)}</span>
        <span class="event-left">
          <span class="price">{t.list.from(money(from, event.currency))}</span>
          <span>{leftOf(event)}</span>
        </span>
      </span>
      <svg class="chevron" viewBox="0 0 24 24" aria-hidden="true">
        <path d="m9 5 7 7-7 7" />
      </svg>
    </a>
  );
}

function leftOf({ tiers }: Event): string {
  const free = tiers.reduce((sum, tier) => sum + tier.free, 0);
  if (free > 0) return t.list.left(free);
  return tiers.some((tier) => tier.held > 0) ? t.list.comingBack : t.list.soldOut;
}
