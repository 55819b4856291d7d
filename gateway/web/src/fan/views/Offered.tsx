import { t } from '../../texts.ts';
import { Countdown } from '../../ui/Countdown.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import type { ViewProps } from './view.ts';

/** It is the fan's turn, and the fan has to be there to take it. */
export function Offered({ fan, dispatch }: ViewProps) {
  if (fan.step.at !== 'offered') return null;
  return (
    <>
      <p class="unseen" role="alert">
        {t.offered.announce}
      </p>
      <Countdown
        label={t.offered.left}
        untilMs={fan.step.status.claimByMs}
        urgentMs={15_000}
        offsetMs={fan.clockOffsetMs}
        announce={t.held.announce}
      />
      <p>{t.offered.text}</p>
      <RefusalNotice fan={fan} />
      <button
        type="button"
        class="button primary big"
        disabled={fan.request !== null}
        onClick={() => dispatch({ type: 'enter' })}
      >
        {t.offered.enter}
      </button>
    </>
  );
}
