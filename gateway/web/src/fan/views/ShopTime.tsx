import { timeOfDay } from '../../format.ts';
import { t } from '../../texts.ts';
import { Countdown } from '../../ui/Countdown.tsx';
import { useNow } from '../../ui/use-now.ts';
import { bounds } from '../bounds.ts';
import type { ViewProps } from './view.ts';

/** The time in the shop: until when, a clock when little is left, and more of it once a turn. */
export function ShopTime({ fan, dispatch }: ViewProps) {
  const nowMs = useNow(1_000) + fan.clockOffsetMs;
  const { session } = fan.kept;
  if (session === null) return null;
  const until = timeOfDay(session.expiresAtMs - fan.clockOffsetMs);
  const short = session.expiresAtMs - nowMs <= bounds.renewOfferMs;
  return (
    <>
      {short && (
        <Countdown
          label={t.shopping.left}
          untilMs={session.expiresAtMs}
          urgentMs={60_000}
          offsetMs={fan.clockOffsetMs}
          announce={t.shopping.announce}
        />
      )}
      <p class="facts" role="status" data-renewal={session.mayRenew ? undefined : 'given'}>
        {session.mayRenew ? t.shopping.until(until) : t.shopping.renewed(until)}
      </p>
      {short && session.mayRenew && (
        <div class="more-time" data-renewal="offered">
          <p>{t.shopping.moreTimeText}</p>
          <button
            type="button"
            class="button secondary"
            disabled={fan.request !== null}
            onClick={() => dispatch({ type: 'renew' })}
          >
            {t.shopping.moreTime}
          </button>
        </div>
      )}
    </>
  );
}
