import { t } from '../../texts.ts';
import { orderHref } from '../../ui/KeepLink.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import { TierPrices } from './TierPrices.tsx';
import type { ViewProps } from './view.ts';

/** The event before the fan joins: what there is, what it costs, and the one button. */
export function Summary({ fan, dispatch }: ViewProps) {
  const { event, step, kept } = fan;
  if (event === null) return null;
  const allSold = event.tiers.every((tier) => tier.free + tier.held === 0);
  return (
    <>
      {step.at === 'event' && step.left && <Notice tone="calm">{t.event.left}</Notice>}
      <RefusalNotice fan={fan} />
      {kept.bought.length > 0 && (
        <Notice tone="good" title={t.event.bought}>
          <ul class="plain">
            {kept.bought.map((access) => (
              <li key={access.orderId}>
                <a href={orderHref(access)}>{t.event.boughtOpen}</a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <TierPrices event={event} />
      <p class="facts">
        {event.admission === 'seated' ? t.event.seated : t.event.general}. {t.event.limit(event.buyerLimit)}.
      </p>
      {allSold && (
        <Notice tone="warn" title={t.event.soldOutTitle}>
          <p>{t.event.soldOut}</p>
        </Notice>
      )}
      <button type="button" class="button primary big" onClick={() => dispatch({ type: 'join' })}>
        {t.event.join}
      </button>
      <p class="hint">{t.event.free}</p>
    </>
  );
}
