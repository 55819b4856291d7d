import type { OperatorRoom } from '@onsale/shared/http/operator';
import { t } from './texts.ts';

/** The line in five numbers. */
export function LiveNumbers({ room: { live, policy } }: { room: OperatorRoom }) {
  const cells: [key: string, label: string, value: number | undefined, hint: string][] = [
    ['waiting', t.operator.waiting, live?.waiting, t.operator.waitingHint],
    ['away', t.operator.away, live?.away, t.operator.awayHint],
    ['offers', t.operator.offers, live?.offers, t.operator.offersHint(live?.noShows ?? 0)],
    ['sessions', t.operator.sessions, live?.sessions, t.operator.ofCapacity(policy.capacity)],
    ['admitted', t.operator.admitted, live?.admittedLastMinute, t.operator.ofRate(policy.ratePerMinute)],
  ];
  return (
    <dl class="numbers">
      {cells.map(([key, label, value, hint]) => (
        <div key={key} class="number">
          <dt>{label}</dt>
          <dd>
            <strong data-number={key}>{value === undefined ? '–' : t.number(value)}</strong>
            <span>{hint}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
