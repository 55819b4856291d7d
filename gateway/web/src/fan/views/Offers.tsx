import { t } from '../../texts.ts';
import { offersOf, ofSeats } from '../offers.ts';
import { RefusalNotice } from './RefusalNotice.tsx';
import type { ViewProps } from './view.ts';

/** Why the tickets were refused, and what can be had instead: one press takes it. */
export function Offers({ fan, dispatch }: ViewProps) {
  if (fan.refusal === null || ofSeats(fan.refusedWish)) return null;
  const offers = offersOf(fan.refusal, fan.refusedWish);
  return (
    <>
      <RefusalNotice fan={fan} />
      {offers.length > 0 && (
        <div class="offers" data-offers={offers.length}>
          {offers.map(({ kind, quantity, wish }) => (
            <button
              key={kind}
              type="button"
              class="button secondary"
              disabled={fan.request !== null}
              onClick={() => dispatch({ type: 'pick', wish })}
            >
              {t.shopping.offer[kind](quantity)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
