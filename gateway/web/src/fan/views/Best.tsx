import type { Event } from '@onsale/shared/http/events';
import { useState } from 'preact/hooks';
import { money } from '../../format.ts';
import { t } from '../../texts.ts';
import { mostOf } from '../bounds.ts';
import { Offers } from './Offers.tsx';
import { Quantity } from './Quantity.tsx';
import { TierChoice } from './TierChoice.tsx';
import type { ChooseProps } from './view.ts';

/** The sale finds the seats: how many, of which type or at most at what price, together or not, and for whom. */
export function Best({ fan, event, dispatch }: ChooseProps) {
  const [tierId, setTierId] = useState('');
  const [priceMaxMinor, setPriceMaxMinor] = useState<number | null>(null);
  const [wanted, setWanted] = useState(1);
  const [together, setTogether] = useState(true);
  const [wheelchairsWanted, setWheelchairs] = useState(0);
  const quantity = Math.min(wanted, mostOf(event));
  const wheelchairs = Math.min(wheelchairsWanted, quantity);
  const tier = event.tiers.find((one) => one.tierId === tierId);
  const capped = tier === undefined ? priceMaxMinor : null;
  const left = (tier === undefined ? event.tiers : [tier]).reduce(
    (sum, { free, accessibleFree }) => sum + free + (wheelchairs > 0 ? accessibleFree : 0),
    0,
  );
  const accessible = event.tiers.some(({ accessibleFree }) => accessibleFree > 0);

  return (
    <form
      onSubmit={(submit) => {
        submit.preventDefault();
        const where = tier === undefined ? {} : { tierId: tier.tierId };
        const cap = capped === null ? {} : { priceMaxMinor: capped };
        const best = { quantity, together, wheelchairs, ...where, ...cap };
        dispatch({ type: 'pick', wish: { best } });
      }}
    >
      <TierChoice event={event} any chosen={tierId} onChoose={setTierId} />
      {tier === undefined && <PriceMax event={event} value={priceMaxMinor} onChange={setPriceMaxMinor} />}
      <Quantity value={quantity} max={mostOf(event)} onChange={setWanted} />
      {quantity > 1 && (
        <label class="check">
          <input type="checkbox" checked={together} onChange={() => setTogether(!together)} />
          <span>{t.shopping.together}</span>
        </label>
      )}
      {(accessible || wheelchairs > 0) && (
        <Wheelchairs value={wheelchairs} max={quantity} onChange={setWheelchairs} />
      )}
      <Offers fan={fan} dispatch={dispatch} />
      <button type="submit" class="button primary big" disabled={fan.request !== null || left === 0}>
        {t.shopping.take(quantity)}
        <Price event={event} eachMinor={tier?.totalMinor ?? null} capMinor={capped} quantity={quantity} />
      </button>
    </form>
  );
}

/** What it will cost, as far as it is known before the seats are. */
function Price(props: { event: Event; eachMinor: number | null; capMinor: number | null; quantity: number }) {
  const { event, eachMinor, capMinor, quantity } = props;
  const minor = eachMinor ?? capMinor;
  if (minor === null) return null;
  const price = money(minor * quantity, event.currency);
  return <span class="button-price">{eachMinor === null ? t.shopping.upTo(price) : price}</span>;
}

/** Only prices that there are can be named, so no cap ever shuts out everything. */
function PriceMax(props: { event: Event; value: number | null; onChange: (minor: number | null) => void }) {
  const { event, value, onChange } = props;
  const prices = [...new Set(event.tiers.map(({ totalMinor }) => totalMinor))].sort((a, b) => a - b);
  if (prices.length < 2) return null;
  return (
    <div class="field inline">
      <label for="price-max">{t.shopping.priceMax}</label>
      <select
        id="price-max"
        value={value === null ? '' : String(value)}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value === '' ? null : Number(currentTarget.value))
        }
      >
        <option value="">{t.shopping.priceAny}</option>
        {prices.slice(0, -1).map((minor) => (
          <option key={minor} value={String(minor)}>
            {money(minor, event.currency)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Wheelchairs(props: { value: number; max: number; onChange: (value: number) => void }) {
  const { value, max, onChange } = props;
  return (
    <div class="field inline">
      <label for="wheelchairs">{t.shopping.wheelchairs}</label>
      <select
        id="wheelchairs"
        aria-describedby="wheelchairs-hint"
        value={String(value)}
        onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}
      >
        {Array.from({ length: max + 1 }, (_, n) => (
          <option key={n} value={String(n)}>
            {t.number(n)}
          </option>
        ))}
      </select>
      <p id="wheelchairs-hint" class="hint">
        {t.shopping.wheelchairsHint}
      </p>
    </div>
  );
}
