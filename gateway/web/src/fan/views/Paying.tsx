import { useState } from 'preact/hooks';
import { money } from '../../format.ts';
import { t } from '../../texts.ts';
import { Countdown } from '../../ui/Countdown.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { TicketList } from '../../ui/TicketList.tsx';
import type { PaymentMethod } from '../kept.ts';
import { RefusalNotice } from './RefusalNotice.tsx';
import type { ViewProps } from './view.ts';

const methods = Object.keys(t.paying.methods) as Array<keyof typeof t.paying.methods>;

/** The money. The key of the payment is kept before it is sent, so pressing, reloading or losing the network never pays twice. */
export function Paying({ fan, dispatch }: ViewProps) {
  const [method, setMethod] = useState<PaymentMethod>('sandboxApprove');
  if (fan.step.at !== 'paying') return null;
  const { order, declined } = fan.step;
  const busy = fan.request?.kind === 'pay';
  return (
    <>
      <Countdown
        label={t.held.left}
        untilMs={order.payByMs}
        urgentMs={60_000}
        offsetMs={fan.clockOffsetMs}
        announce={t.held.announce}
      />
      <TicketList event={fan.event} basket={order} />
      {declined && (
        <Notice tone="bad" alert>
          <p>{t.paying.declinedText}</p>
        </Notice>
      )}
      <RefusalNotice fan={fan} />
      <form
        onSubmit={(submit) => {
          submit.preventDefault();
          dispatch({ type: 'pay', method });
        }}
      >
        <fieldset class="cards" disabled={busy}>
          <legend>{t.paying.method}</legend>
          <p class="hint">{t.paying.sandbox}</p>
          {methods.map((one) => (
            <label key={one} class="card">
              <input
                type="radio"
                name="method"
                value={one}
                checked={method === one}
                onChange={() => setMethod(one)}
              />
              <span class="card-words">
                <strong>{t.paying.methods[one].name}</strong>
                <span>{t.paying.methods[one].text}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <button type="submit" class="button primary big" disabled={fan.request !== null}>
          {t.paying.pay(money(order.totalMinor, order.currency))}
        </button>
        <p class="busy" role="status">
          {busy ? t.paying.busy : ''}
        </p>
      </form>
      {fan.kept.session !== null && (
        <button
          type="button"
          class="button plain"
          disabled={fan.request !== null}
          onClick={() => dispatch({ type: 'release' })}
        >
          {t.held.release}
        </button>
      )}
    </>
  );
}
