import { money } from '../../format.ts';
import { t } from '../../texts.ts';
import { ofSeats } from '../offers.ts';
import { wishOf } from '../seats.ts';
import { RefusalNotice } from '../views/RefusalNotice.tsx';
import type { ChooseProps } from '../views/view.ts';
import { Lost } from './Lost.tsx';
import { w } from './words.ts';

/** What was chosen so far and what it costs, all in, and what has to be said of it; always in sight. */
export function Basket({ fan, event, dispatch, said }: ChooseProps & { said: string }) {
  const { picked } = fan.kept;
  const busy = fan.request !== null;
  const totals = new Map(event.tiers.map(({ tierId, totalMinor }) => [tierId, totalMinor]));
  const price = money(
    picked.reduce((sum, { tierId }) => sum + (totals.get(tierId) ?? 0), 0),
    event.currency,
  );
  return (
    <div class="seat-basket">
      <Lost fan={fan} />
      {fan.lost === null && ofSeats(fan.refusedWish) && <RefusalNotice fan={fan} />}
      <p class="seat-said" role="status">
        {said}
      </p>
      <p class={picked.length === 0 ? 'hint' : 'unseen'} role="status">
        {picked.length === 0 ? w.noneChosen : w.sum(picked.length, price)}
      </p>
      {picked.length > 0 && (
        <>
          <ul class="chosen" aria-label={w.chosen}>
            {picked.map((seat) => (
              <li key={seat.ticketId}>
                <button
                  type="button"
                  class="chip"
                  disabled={busy}
                  onClick={() => dispatch({ type: 'dropSeats', ticketIds: [seat.ticketId] })}
                >
                  <span class="unseen">{w.drop}</span>
                  {w.chip(seat.section, seat.row, seat.seat)}
                  <svg viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M6 6l12 12M18 6L6 18" />
                  </svg>
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            class="button primary big"
            disabled={busy}
            onClick={() => dispatch({ type: 'pick', wish: wishOf(picked) })}
          >
            {t.shopping.take(picked.length)}
            <span class="button-price">{price}</span>
          </button>
        </>
      )}
    </div>
  );
}
