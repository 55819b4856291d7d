import type { Event } from '@onsale/shared/http/events';
import { money } from '../../format.ts';
import { t } from '../../texts.ts';
import { leftInWords } from './TierPrices.tsx';

/** Which price level; `''` is any, where that can be chosen. */
export function TierChoice(props: {
  event: Event;
  any: boolean;
  chosen: string | null;
  onChoose: (tierId: string) => void;
}) {
  const { event, any, chosen, onChoose } = props;
  const free = event.tiers.filter((tier) => tier.free > 0);
  const from = Math.min(...(free.length > 0 ? free : event.tiers).map((tier) => tier.totalMinor));
  const sum = (count: 'free' | 'held' | 'accessibleFree'): number =>
    event.tiers.reduce((total, tier) => total + tier[count], 0);
  const all = { free: sum('free'), held: sum('held'), accessibleFree: sum('accessibleFree') };
  const choice = (tierId: string, name: string, left: typeof all, price: string) => (
    <label key={tierId} class={left.free === 0 ? 'tier choice gone' : 'tier choice'}>
      <input
        type="radio"
        name="tier"
        value={tierId}
        checked={chosen === tierId}
        onChange={() => onChoose(tierId)}
      />
      <span class="tier-words">
        <strong>{name}</strong>
        <span class="tier-left">{leftInWords(left)}</span>
      </span>
      <span class="price">{price}</span>
    </label>
  );
  return (
    <fieldset class="tiers">
      <legend>{t.shopping.tier}</legend>
      {any && choice('', t.shopping.any, all, t.shopping.from(money(from, event.currency)))}
      {event.tiers.map((tier) =>
        choice(tier.tierId, tier.name, tier, money(tier.totalMinor, event.currency)),
      )}
    </fieldset>
  );
}
