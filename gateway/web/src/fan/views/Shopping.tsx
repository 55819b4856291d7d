import type { Event } from '@onsale/shared/http/events';
import { useState } from 'preact/hooks';
import { money, timeOfDay } from '../../format.ts';
import { t } from '../../texts.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Quantity } from './Quantity.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import { leftInWords } from './TierPrices.tsx';
import type { ViewProps } from './view.ts';

/** Choosing: a tier and how many. What is free is a hint that is read again; the core has the last word. */
export function Shopping({ fan, dispatch }: ViewProps) {
  const { event, kept } = fan;
  const [chosen, setChosen] = useState<string | null>(null);
  const [wanted, setWanted] = useState(1);
  const [leaving, setLeaving] = useState(false);
  if (event === null) return null;
  const tierId = chosen ?? (event.tiers.length === 1 ? event.tiers[0]!.tierId : null);
  const tier = event.tiers.find((one) => one.tierId === tierId);
  const quantity = Math.min(wanted, event.buyerLimit);
  const busy = fan.request !== null;
  return (
    <form
      onSubmit={(submit) => {
        submit.preventDefault();
        if (tierId !== null) dispatch({ type: 'pick', tierId, quantity });
      }}
    >
      {kept.session !== null && (
        <p class="facts">{t.shopping.until(timeOfDay(kept.session.expiresAtMs - fan.clockOffsetMs))}</p>
      )}
      <NothingLeft event={event} />
      <TierChoice event={event} chosen={tierId} onChoose={setChosen} />
      <Quantity value={quantity} max={event.buyerLimit} onChange={setWanted} />
      <RefusalNotice fan={fan} />
      <button
        type="submit"
        class="button primary big"
        disabled={busy || tier === undefined || tier.free === 0}
      >
        {t.shopping.take(quantity)}
        {tier !== undefined && (
          <span class="button-price">{money(tier.priceMinor * quantity, event.currency)}</span>
        )}
      </button>
      {tier === undefined && <p class="hint">{t.shopping.choose}</p>}
      <button type="button" class="button plain" disabled={busy} onClick={() => setLeaving(true)}>
        {t.shopping.leave}
      </button>
      {leaving && (
        <Confirm
          {...t.leaving}
          title={t.leaving.shopTitle}
          text={t.leaving.shopText}
          onYes={() => dispatch({ type: 'leave' })}
          onClose={() => setLeaving(false)}
        />
      )}
    </form>
  );
}

function NothingLeft({ event }: { event: Event }) {
  if (event.tiers.some((tier) => tier.free > 0)) return null;
  const comingBack = event.tiers.some((tier) => tier.held > 0);
  return (
    <div data-nothing-left={comingBack ? 'held' : 'sold'}>
      <Notice tone="warn">
        <p>{comingBack ? t.shopping.noneFree : t.shopping.allSold}</p>
      </Notice>
    </div>
  );
}

function TierChoice(props: { event: Event; chosen: string | null; onChoose: (tierId: string) => void }) {
  const { event, chosen, onChoose } = props;
  return (
    <fieldset class="tiers">
      <legend>{t.shopping.tier}</legend>
      {event.tiers.map((tier) => (
        <label key={tier.tierId} class={tier.free === 0 ? 'tier choice gone' : 'tier choice'}>
          <input
            type="radio"
            name="tier"
            value={tier.tierId}
            checked={chosen === tier.tierId}
            onChange={() => onChoose(tier.tierId)}
          />
          <span class="tier-words">
            <strong>{tier.name}</strong>
            <span class="tier-left">{leftInWords(tier)}</span>
          </span>
          <span class="price">{money(tier.priceMinor, event.currency)}</span>
        </label>
      ))}
    </fieldset>
  );
}
