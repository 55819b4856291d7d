import type { Event } from '@onsale/shared/http/events';
import type { FoundOrder, FoundOrders } from '@onsale/shared/http/operator-orders';
import { useState } from 'preact/hooks';
import { dayAndTime, money } from '../format.ts';
import { call } from '../net/call.ts';
import { askedFor } from './asked-for.ts';
import { FoundNote } from './FoundNote.tsx';
import { OrderBadge } from './OrderBadge.tsx';
import { OrderDetail } from './OrderDetail.tsx';
import { SearchField } from './SearchField.tsx';
import { t } from './texts.ts';
import { type Ask, usePages } from './use-pages.ts';

/** Orders of all events: found by id, address or ticket, and one of them whole. */
export function OrdersDesk({
  token,
  eventOf,
}: {
  token: string;
  eventOf: (eventId: string) => Event | null;
}) {
  const { found, search, more, again } = usePages<FoundOrder>();
  const [open, setOpen] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  function find(typed: string): void {
    const asked = askedFor(typed);
    const by =
      asked.kind === 'id'
        ? { orderId: asked.id }
        : asked.kind === 'email'
          ? { email: asked.email }
          : asked.kind === 'ticket'
            ? { ticketId: asked.ticketId }
            : null;
    setFault(by === null ? t.desk.orders.unclear : null);
    setOpen(null);
    if (by !== null) void search(asking(by, token));
  }

  if (open !== null) {
    return (
      <OrderDetail
        key={open}
        orderId={open}
        token={token}
        eventOf={eventOf}
        onBack={() => setOpen(null)}
        onChanged={again}
      />
    );
  }
  return (
    <div class="panel">
      <h2>{t.desk.orders.title}</h2>
      <SearchField label={t.desk.orders.search} hint={t.desk.orders.hint} fault={fault} onSearch={find} />
      {(found.at === 'found' || found.at === 'loading') && found.items.length > 0 && (
        <ul class="rows">
          {found.items.map((order) => (
            <li key={order.orderId}>
              <button type="button" class="row found-order" onClick={() => setOpen(order.orderId)}>
                <span class="row-words">
                  <strong>{order.name}</strong>
                  <span>{order.email}</span>
                  <span class="hint">
                    {eventOf(order.eventId)?.name ?? order.eventId} · {dayAndTime(order.createdAtMs)}
                  </span>
                </span>
                <span class="row-end">
                  <OrderBadge order={order} />
                  <span>{t.desk.tickets(order.quantity)}</span>
                  <span class="price">{money(order.totalMinor, order.currency)}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <FoundNote
        found={found}
        none={t.desk.orders.none}
        onMore={() => void more()}
        onAgain={() => void again()}
      />
    </div>
  );
}

const asking =
  (by: Record<string, string | number>, token: string): Ask<FoundOrder> =>
  async (cursor) => {
    const body = { ...by, ...(cursor === null ? {} : { cursor }) };
    const answer = await call<FoundOrders>('POST', '/api/v1/operator/order-searches', { token, body });
    if (answer.outcome !== 'answered') return answer;
    const { orders, cursor: next } = answer.value;
    return { ...answer, value: { items: orders, cursor: next } };
  };
