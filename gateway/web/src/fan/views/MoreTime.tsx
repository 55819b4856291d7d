import type { Hold } from '@onsale/shared/http/holds';
import { timeOfDay } from '../../format.ts';
import { t } from '../../texts.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useNow } from '../../ui/use-now.ts';
import { bounds } from '../bounds.ts';
import type { Fan } from '../fan.ts';
import type { ViewProps } from './view.ts';

/** Time given once, offered when little of it is left; gone when it was given, or cannot be. */
export function MoreTime({ fan, hold, dispatch }: ViewProps & { hold: Hold }) {
  const leftMs = hold.expiresAtMs - (useNow(1_000) + fan.clockOffsetMs);
  const { extension } = fan.kept;
  if (fan.refusal?.code === 'extensionSpent') {
    return (
      <div data-refusal="extensionSpent">
        <Notice tone="calm" alert>
          <p>{t.refusal.extensionSpent}</p>
        </Notice>
      </div>
    );
  }
  if (extension?.spent === true) {
    const until = timeOfDay(hold.expiresAtMs - fan.clockOffsetMs);
    return extension.holdId === hold.holdId ? (
      <p class="hint" role="status" data-more-time="given">
        {t.held.extended(until)}
      </p>
    ) : null;
  }
  if (leftMs > offerMs(fan)) return null;
  return (
    <div class="more-time" data-more-time="offered">
      <p>
        <strong>{t.held.moreTime}</strong> {t.held.moreTimeText}
      </p>
      <button
        type="button"
        class="button secondary"
        disabled={fan.request !== null}
        onClick={() => dispatch({ type: 'extend' })}
      >
        {t.held.extend}
      </button>
    </div>
  );
}

const offerMs = ({ event }: Fan): number =>
  event === null ? bounds.extendOfferMs : Math.min(bounds.extendOfferMs, event.holdTtlMs / 2);
