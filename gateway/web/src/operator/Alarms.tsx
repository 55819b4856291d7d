import type { OperatorRoom } from '@onsale/shared/http/operator';
import { span } from '../format.ts';
import { Notice } from '../ui/Notice.tsx';
import { stateOf } from './room-state.ts';
import { t } from './texts.ts';

/** A tick comes every 200 ms; this long without one is worth a word. */
const silentMs = 3_000;

/** What is wrong with the line, said loudly. Nothing where all is well. */
export function Alarms({ room }: { room: OperatorRoom }) {
  const { live, policy, stock } = room;
  const alarms: [name: string, title: string, text: string][] = [];
  const ageMs = live === null ? 0 : room.serverTimeMs - live.tickedAtMs;
  if (policy.open && live === null) alarms.push(['lineAway', t.alarm.away.title, awayText(policy.whenAway)]);
  if (policy.open && ageMs > silentMs)
    alarms.push(['silent', t.alarm.silent.title, t.alarm.silent.text(span(ageMs))]);
  if (stateOf(room) === 'healing') alarms.push(['healing', t.alarm.healing.title, t.alarm.healing.text]);
  if (stock === null) alarms.push(['coreAway', t.alarm.core.title, t.alarm.core.text]);
  return (
    <div class="alarms" role="alert">
      {alarms.map(([name, title, text]) => (
        <div key={name} data-alarm={name}>
          <Notice tone="bad" title={title}>
            <p>{text}</p>
          </Notice>
        </div>
      ))}
    </div>
  );
}

const awayText = (whenAway: 'hold' | 'open'): string => t.alarm.away[whenAway];
