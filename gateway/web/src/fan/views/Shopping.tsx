import type { Event } from '@onsale/shared/http/events';
import { useState } from 'preact/hooks';
import { t } from '../../texts.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Best } from './Best.tsx';
import { General } from './General.tsx';
import { OwnSeats } from './OwnSeats.tsx';
import { ShopTime } from './ShopTime.tsx';
import type { ViewProps } from './view.ts';

/** Choosing. What is free is a hint that is read again; the core has the last word. */
export function Shopping({ fan, dispatch }: ViewProps) {
  const { event, kept } = fan;
  const [own, setOwn] = useState(kept.picked.length > 0);
  const [leaving, setLeaving] = useState(false);
  if (event === null) return null;
  const seated = event.admission === 'seated';
  const Choose = !seated ? General : own ? OwnSeats : Best;
  return (
    <>
      <ShopTime fan={fan} dispatch={dispatch} />
      <NothingLeft event={event} />
      {seated && <Way own={own} onChange={setOwn} />}
      <Choose fan={fan} event={event} dispatch={dispatch} />
      <button
        type="button"
        class="button plain"
        disabled={fan.request !== null}
        onClick={() => setLeaving(true)}
      >
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
    </>
  );
}

/** Have the best seats found, or point at them. */
function Way({ own, onChange }: { own: boolean; onChange: (own: boolean) => void }) {
  const way = (value: boolean, words: string) => (
    <label class="segment">
      <input type="radio" name="way" checked={own === value} onChange={() => onChange(value)} />
      <span>{words}</span>
    </label>
  );
  return (
    <fieldset class="segments">
      <legend class="unseen">{t.shopping.way}</legend>
      {way(false, t.shopping.best)}
      {way(true, t.shopping.own)}
    </fieldset>
  );
}

function NothingLeft({ event }: { event: Event }) {
  if (event.tiers.some((tier) => tier.free + tier.accessibleFree > 0)) return null;
  const comingBack = event.tiers.some((tier) => tier.held > 0);
  return (
    <div data-nothing-left={comingBack ? 'held' : 'sold'}>
      <Notice tone="warn">
        <p>{comingBack ? t.shopping.noneFree : t.shopping.allSold}</p>
      </Notice>
    </div>
  );
}
