import type { Event } from '@onsale/shared/http/events';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useState } from 'preact/hooks';
import { dateTime } from '../format.ts';
import { Field } from '../ui/Field.tsx';
import { aheadInWords } from './ahead.ts';
import { ChangeNote } from './ChangeNote.tsx';
import { type Schedule, scheduleIn, type When, whens } from './schedule.ts';
import { t } from './texts.ts';
import { useChange } from './use-change.ts';
import { wallTimeOf } from './wall-time.ts';

/** When the doors open and the sale ends, as a clock at the venue shows it; what it comes to is said before it is sent. */
export function ScheduleForm(props: {
  room: OperatorRoom;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const { room, event } = props;
  const { policy } = room;
  const { change, changeRoom } = useChange(policy.eventId, props.token, props.onChanged);
  const [draft, setDraft] = useState<Partial<Record<When, string>>>({});
  const timeZone = event?.venue.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const shown = (when: When): string => {
    const ms = policy[when];
    return draft[when] ?? (ms === null ? '' : wallTimeOf(ms, timeZone));
  };
  const wanted = scheduleIn(policy, draft, timeZone);
  const changed = whens.some((when) => wanted.moments[when] !== policy[when]);
  const wrong = whens.some((when) => wanted.faults[when] !== undefined);

  async function submit(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    if (wrong || !changed) return;
    const { opensAtMs, endsAtMs } = wanted.moments;
    if (await changeRoom({ opensAtMs, endsAtMs })) setDraft({});
  }

  return (
    <form noValidate onSubmit={(submitted) => void submit(submitted)}>
      <h3>{t.schedule.title}</h3>
      <p class="hint">{t.schedule.zone(timeZone)}</p>
      <div class="policy-fields">
        {whens.map((when) => (
          <Field
            key={when}
            name={when}
            label={t.schedule[when]}
            hint={t.schedule.empty[when]}
            fault={wanted.faults[when] ?? null}
            input={{
              type: 'datetime-local',
              value: shown(when),
              onInput: (typed) => setDraft({ ...draft, [when]: typed.currentTarget.value }),
            }}
          />
        ))}
      </div>
      {!wrong && <Preview schedule={wanted.moments} timeZone={timeZone} nowMs={room.serverTimeMs} />}
      <div class="actions">
        <button type="submit" class="button primary" disabled={wrong || !changed || change.at === 'sending'}>
          {t.schedule.apply}
        </button>
        <button
          type="button"
          class="button plain"
          disabled={Object.keys(draft).length === 0}
          onClick={() => setDraft({})}
        >
          {t.operator.reset}
        </button>
      </div>
      <ChangeNote change={change} room={room} />
    </form>
  );
}

function Preview({ schedule, timeZone, nowMs }: { schedule: Schedule; timeZone: string; nowMs: number }) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <dl class="preview" data-preview>
      {whens.map((when) => {
        const ms = schedule[when];
        return (
          <div key={when}>
            <dt>{t.schedule[when]}</dt>
            <dd>
              {ms === null ? (
                t.schedule.none[when]
              ) : (
                <>
                  <strong>{dateTime(ms, timeZone)}</strong> {t.schedule.from(aheadInWords(ms - nowMs))}
                  {here !== timeZone && <span class="hint"> {t.schedule.here(dateTime(ms, here))}</span>}
                </>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
