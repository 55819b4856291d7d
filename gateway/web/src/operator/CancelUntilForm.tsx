import { useState } from 'preact/hooks';
import { dayAndTime } from '../format.ts';
import { Field } from '../ui/Field.tsx';
import { ActNote } from './ActNote.tsx';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';

/** Until when fans may give their orders back by themselves: a moment in this device's time, or never. */
export function CancelUntilForm(props: {
  eventId: string;
  /** As it is; null: never; undefined: not known yet. */
  now: number | null | undefined;
  token: string;
  onChanged: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [saved, setSaved] = useState<number | null>(null);
  const { act, send } = useAct<null>(props.token);
  const ms = new Date(typed).getTime();

  async function save(cancelUntilMs: number | null): Promise<void> {
    const path = `/api/v1/operator/events/${props.eventId}`;
    if (await send('PATCH', path, { cancelUntilMs })) setSaved(cancelUntilMs);
    props.onChanged();
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (Number.isFinite(ms)) void save(ms);
      }}
    >
      <h3>{t.desk.event.untilTitle}</h3>
      {props.now !== undefined && (
        <p>{props.now === null ? t.desk.event.neverNow : t.desk.event.untilNow(dayAndTime(props.now))}</p>
      )}
      <Field
        name="cancel-until"
        label={t.desk.event.until}
        hint={t.desk.event.untilHint}
        fault={null}
        input={{
          type: 'datetime-local',
          value: typed,
          onInput: (event) => setTyped(event.currentTarget.value),
        }}
      />
      <div class="actions">
        <button type="submit" class="button primary" disabled={!Number.isFinite(ms) || act.at === 'sending'}>
          {t.desk.event.setUntil}
        </button>
        <button
          type="button"
          class="button secondary"
          disabled={act.at === 'sending'}
          onClick={() => void save(null)}
        >
          {t.desk.event.never}
        </button>
      </div>
      <ActNote
        act={act}
        done={() => (saved === null ? t.desk.event.neverSaved : t.desk.event.untilSaved(dayAndTime(saved)))}
      />
    </form>
  );
}
