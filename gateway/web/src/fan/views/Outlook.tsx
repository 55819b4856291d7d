import { timeOfDay } from '../../format.ts';
import { t } from '../../texts.ts';
import type { Fan, StatusOf } from '../fan.ts';

/** What can honestly be said of what is to come: the wait as a range, the odds in steps, and what may come back. */
export function Outlook({ fan, status }: { fan: Fan; status: StatusOf<'waiting'> }) {
  const { wait, odds, mayComeBack, room, passedOver } = status;
  const chance = odds === null ? null : t.waiting.odds(odds);
  return (
    <>
      <dl class="outlook">
        {room.state === 'open' && !passedOver && (
          <div>
            <dt>{t.waiting.estimate}</dt>
            <dd data-wait={wait === null ? 'unknown' : 'range'}>
              {wait === null ? t.waiting.notKnown : t.waiting.wait(wait)}
            </dd>
            {wait !== null && <dd class="hint">{t.waiting.estimateWhy}</dd>}
          </div>
        )}
        {chance !== null && (
          <div>
            <dt>{t.waiting.chance}</dt>
            <dd data-odds={odds!.percent}>
              {chance.words}, {chance.percent}
            </dd>
            <dd class="hint">{t.waiting.chanceWhy}</dd>
          </div>
        )}
      </dl>
      {mayComeBack !== null && room.state !== 'soldOut' && (
        <p data-may-come-back={mayComeBack.tickets}>
          {t.waiting.comeBack(mayComeBack.tickets, timeOfDay(mayComeBack.byMs - fan.clockOffsetMs))}
        </p>
      )}
    </>
  );
}
