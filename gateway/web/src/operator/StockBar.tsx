import type { OperatorRoom } from '@onsale/shared/http/operator';
import { t } from './texts.ts';

const parts = ['sold', 'held', 'blocked', 'free'] as const;

/** What became of every ticket. The numbers say it; the bar only shows it. */
export function StockBar({ stock }: { stock: OperatorRoom['stock'] }) {
  if (stock === null) return <p class="hint">{t.operator.noStock}</p>;
  let x = 0;
  return (
    <figure class="stock">
      <figcaption>
        <span>{t.operator.stock}</span>
        <strong>{t.number(stock.total)}</strong>
      </figcaption>
      <svg class="stock-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => {
          const width = stock.total === 0 ? 0 : (100 * stock[part]) / stock.total;
          const at = x;
          x += width;
          return <rect key={part} class={part} x={at} y={0} width={width} height={1} />;
        })}
      </svg>
      <dl class="legend">
        {parts.map((part) => (
          <div key={part}>
            <dt>
              <span class={`swatch ${part}`} aria-hidden="true" />
              {t.operator[part]}
            </dt>
            <dd data-stock={part}>{t.number(stock[part])}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
