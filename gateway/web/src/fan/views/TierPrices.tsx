import type { Event } from '@onsale/shared/http/events';
import { money } from '../../format.ts';
import { t } from '../../texts.ts';

type Tier = Event['tiers'][number];

export function leftInWords({
  free,
  held,
  accessibleFree,
}: Pick<Tier, 'free' | 'held' | 'accessibleFree'>): string {
  if (free > 0) return t.event.tierLeft(free);
  if (accessibleFree > 0) return t.event.tierAccessible(accessibleFree);
  return held > 0 ? t.event.tierHeld : t.event.tierGone;
}

/** What each tier costs, all in, and what is left of it. */
export function TierPrices({ event }: { event: Event }) {
  const partsInIt = event.tiers.some((tier) => tier.feeMinor + tier.taxMinor > 0);
  return (
    <>
      <ul class="tiers" aria-label={t.event.prices}>
        {event.tiers.map((tier) => (
          <li key={tier.tierId} class={tier.free === 0 ? 'tier gone' : 'tier'}>
            <span class="tier-words">
              <strong>{tier.name}</strong>
              <span class="tier-left">{leftInWords(tier)}</span>
            </span>
            <span class="price">{money(tier.totalMinor, event.currency)}</span>
          </li>
        ))}
      </ul>
      {partsInIt && <p class="hint">{t.event.allIn}</p>}
    </>
  );
}
