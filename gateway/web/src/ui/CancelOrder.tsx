import type { Problem } from '@onsale/shared/errors';
import type { Event } from '@onsale/shared/http/events';
import type { Order } from '@onsale/shared/http/orders';
import { useState } from 'preact/hooks';
import { refusalInWords } from '../fan/views/RefusalNotice.tsx';
import { dateTime, money } from '../format.ts';
import { call } from '../net/call.ts';
import { t } from '../texts.ts';
import { Confirm } from './Confirm.tsx';
import { Notice } from './Notice.tsx';

/** Gives the whole order back, where and as long as its event allows it. Asked again it changes nothing, so it may be. */
export function CancelOrder(props: {
  order: Order;
  event: Event | null;
  token: string;
  onCancelled: (order: Order) => void;
}) {
  const { order, event, token, onCancelled } = props;
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Problem | 'lost' | null>(null);
  const untilMs = order.cancelUntilMs;
  if (untilMs === null || event === null || untilMs <= order.serverTimeMs) return null;

  async function cancel(): Promise<void> {
    setBusy(true);
    setFault(null);
    const answer = await call<Order>('POST', `/api/v1/orders/${order.orderId}/cancellation`, { token });
    setBusy(false);
    if (answer.outcome === 'answered') onCancelled(answer.value);
    else setFault(answer.outcome === 'refused' ? answer.problem : 'lost');
  }
  const back = money(order.totalMinor - order.refundedMinor, order.currency);
  return (
    <div class="cancel-order screen-only">
      <p class="hint">{t.order.cancelUntil(dateTime(untilMs, event.venue.timeZone))}</p>
      {fault !== null && (
        <Notice tone="bad" title={t.order.cancelRefused} alert>
          <p>{fault === 'lost' ? t.trouble.away.title : refusalInWords(fault, null).join(' ')}</p>
        </Notice>
      )}
      <button type="button" class="button plain" disabled={busy} onClick={() => setAsking(true)}>
        {t.order.cancel}
      </button>
      <p class="busy" role="status">
        {busy ? t.order.cancelBusy : ''}
      </p>
      {asking && (
        <Confirm
          title={t.order.cancelTitle}
          text={t.order.cancelText(back)}
          yes={t.order.cancel}
          no={t.order.cancelNo}
          onYes={() => void cancel()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
