import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { Lane } from '@onsale/shared/lanes';
import { lanesOf } from './lanes.ts';
import { t } from './texts.ts';

/** Each lane: who waits, who was let in, and what share it is given. Nothing where there is only one. */
export function LanesTable({ room: { live, policy } }: { room: OperatorRoom }) {
  const lanes = lanesOf(policy);
  const idle = lanes.every(
    ({ lane, percent }) => lane === 'general' || (percent === 0 && (live?.lanes[lane].waiting ?? 0) === 0),
  );
  if (idle) return null;
  const cell = (lane: Lane, what: 'waiting' | 'admittedLastMinute') => (
    <td data-lane-number={`${lane}-${what}`}>{live === null ? '–' : t.number(live.lanes[lane][what])}</td>
  );
  return (
    <table class="lanes">
      <caption>{t.lane.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.lane.lane}</th>
          <th scope="col">{t.operator.waiting}</th>
          <th scope="col">{t.operator.admitted}</th>
          <th scope="col">{t.lane.share}</th>
        </tr>
      </thead>
      <tbody>
        {lanes.map(({ lane, percent }) => (
          <tr key={lane}>
            <th scope="row">{t.lane.name[lane]}</th>
            {cell(lane, 'waiting')}
            {cell(lane, 'admittedLastMinute')}
            <td>{t.lane.percent(percent)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
