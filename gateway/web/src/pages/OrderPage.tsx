import type { Event } from '@onsale/shared/http/events';
import type { IssuedTickets as Issued, Order } from '@onsale/shared/http/orders';
import { useEffect, useState } from 'preact/hooks';
import { Panel } from '../fan/views/Panel.tsx';
import { TroubleBanner } from '../fan/views/TroubleBanner.tsx';
import { useRead } from '../net/use-read.ts';
import { t } from '../texts.ts';
import { CancelOrder } from '../ui/CancelOrder.tsx';
import { EventHeader } from '../ui/EventHeader.tsx';
import { Frame } from '../ui/Frame.tsx';
import { IssuedTickets } from '../ui/IssuedTickets.tsx';
import { Receipt } from '../ui/Receipt.tsx';
import { RehearsalNote } from '../ui/RehearsalNote.tsx';
import { TicketList } from '../ui/TicketList.tsx';

const states: Record<Exclude<Order['state'], 'paid' | 'partlyRefunded'>, { title: string; text: string }> = {
  pending: { title: t.order.pending, text: t.order.pendingText },
  refunded: { title: t.order.refunded, text: t.order.refundedText },
  cancelled: { title: t.order.cancelled, text: t.order.cancelledText },
  expired: { title: t.order.expired, text: t.order.expiredText },
};

type Ticketed = 'paid' | 'partlyRefunded';
const hasTickets = (state: Order['state']): state is Ticketed =>
  state === 'paid' || state === 'partlyRefunded';

/** An order and its tickets, opened by its address: the token stands behind the #, so no server's log ever has it. */
export function OrderPage({ orderId }: { orderId: string }) {
  const [token] = useState(() => location.hash.slice(1));
  const known = token !== '';
  const read = useRead<Order>(known ? `/api/v1/orders/${orderId}` : null, token, null);
  // Given back on this page: the answer to that is newer than what was read.
  const [cancelled, setCancelled] = useState<Order | null>(null);
  const order = cancelled ?? read.value;
  const paid = order !== null && hasTickets(order.state);
  const tickets = useRead<Issued>(paid ? `/api/v1/orders/${orderId}/tickets` : null, token, null);
  const event = useRead<Event>(order === null ? null : `/api/v1/events/${order.eventId}`, null, null);
  useEffect(() => {
    document.title = `${t.order.title} · ${t.brand}`;
  }, []);

  const failing = [read, tickets, event].find((reading) => reading.trouble !== null);
  return (
    <Frame>
      {failing?.trouble != null && <TroubleBanner trouble={failing.trouble} onTry={failing.again} />}
      <RehearsalNote event={event.value} />
      {!known || read.problem !== null ? (
        <Panel name="orderUnknown" title={t.order.unknown} alone>
          <p>{t.order.unknownText}</p>
          <div class="actions">
            <a class="button secondary" href="/orders">
              {t.order.find}
            </a>
            <a class="button plain" href="/">
              {t.stopped.toList}
            </a>
          </div>
        </Panel>
      ) : (
        <article class="sale" aria-busy={order === null}>
          {event.value !== null && <EventHeader event={event.value} />}
          {order === null ? (
            <p role="status">{t.tickets.loading}</p>
          ) : (
            <Body
              order={order}
              event={event.value}
              tickets={tickets.value?.tickets ?? null}
              token={token}
              onCancelled={setCancelled}
            />
          )}
        </article>
      )}
    </Frame>
  );
}

interface BodyProps {
  readonly order: Order;
  readonly event: Event | null;
  readonly tickets: Issued['tickets'] | null;
  readonly token: string;
  readonly onCancelled: (order: Order) => void;
}

function Body({ order, event, tickets, token, onCancelled }: BodyProps) {
  if (!hasTickets(order.state)) {
    return (
      <Panel name={order.state} title={states[order.state].title}>
        <p>{states[order.state].text}</p>
        <TicketList event={event} basket={order} />
      </Panel>
    );
  }
  return (
    <Panel name="tickets" title={t.tickets.title} tone="good">
      <p class="screen-only">{order.state === 'partlyRefunded' ? t.order.partlyRefunded : t.tickets.lead}</p>
      {tickets === null ? (
        <p role="status">{t.tickets.loading}</p>
      ) : (
        <>
          <IssuedTickets event={event} tickets={tickets} />
          <div class="actions screen-only">
            <button type="button" class="button secondary" onClick={() => print()}>
              {t.tickets.print}
            </button>
          </div>
        </>
      )}
      <Receipt order={order} event={event} />
      <CancelOrder order={order} event={event} token={token} onCancelled={onCancelled} />
    </Panel>
  );
}
