import type { Event } from '@onsale/shared/http/events';
import type { OperatorOrder } from '@onsale/shared/http/operator-orders';
import { money, timeOfDay } from '../format.ts';
import { placeOf, tierName } from '../ui/ticket-words.ts';
import { t } from './texts.ts';

/** The tickets of an order, and which of them are to be given back. None chosen means all. */
export function OrderLines(props: {
  order: OperatorOrder;
  event: Event | null;
  chosen: ReadonlySet<number>;
  onChoose: (chosen: ReadonlySet<number>) => void;
}) {
  const { order, chosen } = props;
  if (order.lines.length === 0) return <p class="hint">{t.desk.orders.noLines}</p>;
  const toggle = (ticketId: number): void => {
    const next = new Set(chosen);
    if (!next.delete(ticketId)) next.add(ticketId);
    props.onChoose(next);
  };
  return (
    <fieldset class="lines">
      <legend>{order.lines.some(({ live }) => live) ? t.desk.orders.choose : t.operator.stock}</legend>
      {order.lines.map((line) => (
        <label key={line.ticketId} class={line.live ? 'line' : 'line gone'}>
          <input
            type="checkbox"
            class="line-box"
            disabled={!line.live}
            checked={chosen.has(line.ticketId)}
            onChange={() => toggle(line.ticketId)}
          />
          <span class="row-words">
            <strong>
              {tierName(props.event, line.tierId)}, {placeOf(line)}
            </strong>
            <span class="hint">
              {t.desk.ticketNumber(line.ticketId)}
              {!line.live && ` · ${t.desk.orders.givenBack}`}
              {line.checkedInAtMs !== null && ` · ${t.desk.orders.cameIn(timeOfDay(line.checkedInAtMs))}`}
            </span>
          </span>
          <span class="price">{money(line.totalMinor, order.currency)}</span>
        </label>
      ))}
    </fieldset>
  );
}
