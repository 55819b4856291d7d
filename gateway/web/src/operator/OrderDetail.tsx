import type { Event } from '@onsale/shared/http/events';
import type { OperatorOrder } from '@onsale/shared/http/operator-orders';
import type { RefundedOrder } from '@onsale/shared/http/refunds';
import { useState } from 'preact/hooks';
import { TroubleBanner } from '../fan/views/TroubleBanner.tsx';
import { dayAndTime, money } from '../format.ts';
import { useRead } from '../net/use-read.ts';
import { Notice } from '../ui/Notice.tsx';
import { ActNote } from './ActNote.tsx';
import { OrderBadge } from './OrderBadge.tsx';
import { OrderHistory } from './OrderHistory.tsx';
import { OrderLines } from './OrderLines.tsx';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';
import { WhyDialog } from './WhyDialog.tsx';

/** One order whole, and giving it back: all of it or the chosen tickets. */
export function OrderDetail(props: {
  orderId: string;
  token: string;
  eventOf: (eventId: string) => Event | null;
  onBack: () => void;
  onChanged: () => void;
}) {
  const { orderId, token } = props;
  const read = useRead<OperatorOrder>(`/api/v1/operator/orders/${orderId}`, token, null);
  const { act, send } = useAct<RefundedOrder>(token);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [asking, setAsking] = useState(false);
  const order = read.value;
  const event = order === null ? null : props.eventOf(order.eventId);

  async function refund(why: string): Promise<void> {
    const some = chosen.size > 0 ? { tickets: [...chosen] } : {};
    await send('POST', `/api/v1/operator/orders/${orderId}/refunds`, { ...some, why });
    setChosen(new Set());
    read.again();
    props.onChanged();
  }

  return (
    <div class="panel" data-order={orderId}>
      <div class="actions">
        <button type="button" class="button secondary" onClick={props.onBack}>
          {t.desk.orders.back}
        </button>
      </div>
      {read.trouble !== null && <TroubleBanner trouble={read.trouble} onTry={read.again} />}
      {read.problem !== null && (
        <Notice tone="bad">
          <p>{t.desk.notShown(read.problem.title)}</p>
        </Notice>
      )}
      {order === null && read.problem === null && <p role="status">{t.desk.searching}</p>}
      {order !== null && (
        <>
          <div class="room-head">
            <h2>{order.name}</h2>
            <OrderBadge order={order} />
          </div>
          <OrderFacts order={order} eventName={event?.name ?? order.eventId} />
          <OrderLines order={order} event={event} chosen={chosen} onChoose={setChosen} />
          <ActNote act={act} done={({ state }) => t.desk.orders.done(t.desk.orders.state[state])} />
          {(order.state === 'paid' || order.state === 'partlyRefunded') && (
            <div class="actions">
              <button
                type="button"
                class="button danger"
                disabled={act.at === 'sending'}
                onClick={() => setAsking(true)}
              >
                {t.desk.orders.refund(order.comp, chosen.size)}
              </button>
            </div>
          )}
          <OrderHistory order={order} />
        </>
      )}
      {asking && order !== null && (
        <WhyDialog
          title={t.desk.orders.refundTitle(order.comp)}
          text={refundText(order, chosen)}
          yes={t.desk.orders.refund(order.comp, chosen.size)}
          onYes={(why) => void refund(why)}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function refundText({ lines, comp, currency }: OperatorOrder, chosen: ReadonlySet<number>): string {
  const back = lines.filter(({ live, ticketId }) => live && (chosen.size === 0 || chosen.has(ticketId)));
  const minor = back.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
  const inside = back.filter(({ checkedInAtMs }) => checkedInAtMs !== null).length;
  const words = comp
    ? t.desk.orders.backText(back.length)
    : t.desk.orders.refundText(back.length, money(minor, currency));
  return inside === 0 ? words : `${words} ${t.desk.orders.inside(inside)}`;
}

function OrderFacts({ order, eventName }: { order: OperatorOrder; eventName: string }) {
  const facts: [label: string, value: string][] = [
    [t.desk.orders.event, eventName],
    [t.held.email, order.email],
    [t.desk.orders.begun, dayAndTime(order.createdAtMs)],
    [t.held.total, money(order.totalMinor, order.currency)],
  ];
  if (order.refundedMinor > 0)
    facts.push([t.desk.orders.refunded, money(order.refundedMinor, order.currency)]);
  facts.push([t.desk.orders.id, order.orderId]);
  return (
    <dl class="facts-list">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
