import type { OperatorOrder } from '@onsale/shared/http/operator-orders';
import type { ComponentChildren } from 'preact';
import { dayAndTime, money } from '../format.ts';
import { t } from './texts.ts';

/** Money in and out, mails, and who did what: each folded away until it is asked for. */
export function OrderHistory({ order }: { order: OperatorOrder }) {
  const { payments, refunds, mails, trail, currency } = order;
  const words = t.desk.orders;
  return (
    <div class="history">
      <Fold title={words.money} count={payments.length + refunds.length}>
        {payments.map((payment) => (
          <Entry key={payment.paymentId} atMs={payment.createdAtMs} what={words.payment[payment.state]}>
            {money(payment.amountMinor, currency)} · {payment.provider}
          </Entry>
        ))}
        {refunds.map((refund) => (
          <Entry key={refund.refundId} atMs={refund.createdAtMs} what={words.refunded}>
            {money(refund.amountMinor, currency)} ·{' '}
            {refund.doneAtMs === null ? words.onItsWay : words.carriedOut}
          </Entry>
        ))}
      </Fold>
      <Fold title={words.mails} count={mails.length}>
        {mails.map((mail) => (
          <Entry key={mail.mailId} atMs={mail.createdAtMs} what={words.mailKind[mail.kind] ?? mail.kind}>
            {words.mail[mail.state]}
          </Entry>
        ))}
      </Fold>
      <Fold title={words.trail} count={trail.length}>
        {trail.map((entry, at) => (
          <Entry key={at} atMs={entry.atMs} what={words.action[entry.action] ?? entry.action}>
            {entry.actor}
            {entry.why !== null && `: ${entry.why}`}
          </Entry>
        ))}
      </Fold>
    </div>
  );
}

function Fold(props: { title: string; count: number; children: ComponentChildren }) {
  if (props.count === 0) return null;
  return (
    <details>
      <summary>
        {props.title} <span class="hint">{t.number(props.count)}</span>
      </summary>
      <ol class="rows">{props.children}</ol>
    </details>
  );
}

function Entry(props: { atMs: number; what: string; children: ComponentChildren }) {
  return (
    <li class="row">
      <span class="row-words">
        <strong>{props.what}</strong>
        <span>{props.children}</span>
      </span>
      <span class="hint">{dayAndTime(props.atMs)}</span>
    </li>
  );
}
