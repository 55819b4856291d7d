import { useState } from 'preact/hooks';
import { money } from '../../format.ts';
import { t } from '../../texts.ts';
import { mostOf } from '../bounds.ts';
import { Offers } from './Offers.tsx';
import { Quantity } from './Quantity.tsx';
import { TierChoice } from './TierChoice.tsx';
import type { ChooseProps } from './view.ts';

/** General admission: a tier and how many. */
export function General({ fan, event, dispatch }: ChooseProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [wanted, setWanted] = useState(1);
  const tierId = chosen ?? (event.tiers.length === 1 ? event.tiers[0]!.tierId : null);
  const tier = event.tiers.find((one) => one.tierId === tierId);
  const quantity = Math.min(wanted, mostOf(event));
  return (
    <form
      onSubmit={(submit) => {
        submit.preventDefault();
        if (tierId !== null) dispatch({ type: 'pick', wish: { tierId, quantity } });
      }}
    >
      <TierChoice event={event} any={false} chosen={tierId} onChoose={setChosen} />
      <Quantity value={quantity} max={mostOf(event)} onChange={setWanted} />
      <Offers fan={fan} dispatch={dispatch} />
      <button
        type="submit"
        class="button primary big"
        disabled={fan.request !== null || tier === undefined || tier.free === 0}
      >
        {t.shopping.take(quantity)}
        {tier !== undefined && (
          <span class="button-price">{money(tier.totalMinor * quantity, event.currency)}</span>
        )}
      </button>
      {tier === undefined && <p class="hint">{t.shopping.choose}</p>}
    </form>
  );
}
