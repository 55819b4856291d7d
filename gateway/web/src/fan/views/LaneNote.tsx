import { t } from '../../texts.ts';
import type { StatusOf } from '../fan.ts';

/** Which line the fan waits in, and why others pass. Nothing where nobody else can. */
export function LaneNote({ status }: { status: StatusOf<'waiting'> }) {
  const { lane } = status;
  const beside = lanesBeside(status);
  if (lane === 'general' && beside.length === 0) return null;
  return (
    <div class="lane-note" data-lane={lane}>
      {lane !== 'general' && <p>{t.lanes.own[lane]}</p>}
      {beside.length > 0 && (
        <details class="explained">
          <summary>{t.lanes.why}</summary>
          <p>{t.lanes.beside(beside)}</p>
        </details>
      )}
    </div>
  );
}

/** The other lanes in which somebody waits: only they can be let in before this one. */
export const lanesBeside = ({ lane, lanes }: StatusOf<'waiting'>): StatusOf<'waiting'>['lanes'] =>
  lanes.filter((one) => one.lane !== lane && one.percent > 0 && one.waiting > 0);
