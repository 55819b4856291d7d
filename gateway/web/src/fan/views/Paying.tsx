import { t } from '../../texts.ts';
import { Countdown } from '../../ui/Countdown.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { TicketList } from '../../ui/TicketList.tsx';
import { PayForm } from '../pay/PayForm.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import type { ViewProps } from './view.ts';

/** The money. The key of the payment is kept before it is sent, so pressing, reloading or losing the network never pays twice. */
export function Paying({ fan, dispatch }: ViewProps) {
  if (fan.step.at !== 'paying') return null;
  const { order, declined } = fan.step;
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
      <PayForm fan={fan} dispatch={dispatch} />
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
