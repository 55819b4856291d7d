import type { Event } from '@onsale/shared/http/events';
import { money } from '../../format.ts';
import { t } from '../../texts.ts';

type Tier = Event['tiers'][number];

export function leftInWords({ free, held }: Tier): string {
  if (free > 0) return t.event.tierLeft(free);
  return held > 0 ? t.event.tierHeld : t.event.tierGone;
}

/** What each tier costs and what is left of it. */
export function TierPrices({ event }: { event: Event }) {
  return (
    <ul class="tiers" aria-label={t.event.prices}>
      {event.tiers.map((tier) => (
        <li key={tier.tierId} class={tier.free === 0 ? 'tier gone' : 'tier'}>
          <span class="tier-words">
            <strong>{tier.name}</strong>
            <span class="tier-left">{leftInWords(tier)}</span>
          </span>
          <span class="price">{money(tier.priceMinor, event.currency)}</span>
        </li>
      ))}
    </ul>
  );
}
