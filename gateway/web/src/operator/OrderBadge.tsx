import type { FoundOrder } from '@onsale/shared/http/operator-orders';
import { t } from './texts.ts';

/** What became of an order, and whether it was given away, in a word each. */
export function OrderBadge({ order: { state, comp } }: { order: Pick<FoundOrder, 'state' | 'comp'> }) {
  const tone = state === 'paid' ? 'open' : state === 'pending' || state === 'partlyRefunded' ? 'paused' : '';
  return (
    <span class="badges">
      {comp && <span class="badge">{t.desk.orders.comp}</span>}
      <span class={`badge ${tone}`} data-state={state}>
        {t.desk.orders.state[state]}
      </span>
    </span>
  );
}
