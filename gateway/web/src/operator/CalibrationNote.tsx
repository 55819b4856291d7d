import type { Calibration } from '@onsale/shared/http/operator';
import { t } from './texts.ts';

/** Whether what fans were told came true: their waits, and the tickets they were told were likely. */
export function CalibrationNote({ calibration }: { calibration: Calibration | null }) {
  if (calibration === null) return <p class="hint">{t.calibration.none}</p>;
  const { inside, waits, odds } = calibration;
  const told = odds.filter(({ fans }) => fans > 0);
  return (
    <details class="explained" data-calibration={inside ?? 'none'}>
      <summary>
        {inside === null ? t.calibration.none : t.calibration.inside(Math.round(100 * inside))}
      </summary>
      <p>{t.calibration.waits(waits)}</p>
      {told.length > 0 && (
        <table class="lanes">
          <caption>{t.calibration.odds}</caption>
          <thead>
            <tr>
              <th scope="col">{t.calibration.told}</th>
              <th scope="col">{t.calibration.fans}</th>
              <th scope="col">{t.calibration.letIn}</th>
            </tr>
          </thead>
          <tbody>
            {told.map(({ percent, fans, letIn }) => (
              <tr key={percent}>
                <th scope="row">{t.calibration.percent(percent)}</th>
                <td>{t.number(fans)}</td>
                <td>{t.lane.percent(Math.round((100 * letIn) / fans))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
