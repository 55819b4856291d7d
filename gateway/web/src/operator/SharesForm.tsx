import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { limits } from '@onsale/shared/limits';
import { useState } from 'preact/hooks';
import { Field } from '../ui/Field.tsx';
import { ChangeNote } from './ChangeNote.tsx';
import { lanesOf } from './lanes.ts';
import { t } from './texts.ts';
import { useChange } from './use-change.ts';

// As in the contract, which the type checker compares.
const most: (typeof limits)['laneShareMaxPercent'] = 45;
const names = ['priorityPercent', 'returningPercent'] as const;
type Name = (typeof names)[number];

/** What part of those let in each lane has; the general lane has the rest. */
export function SharesForm(props: { room: OperatorRoom; token: string; onChanged: () => void }) {
  const { policy } = props.room;
  const { change, changeRoom } = useChange(policy.eventId, props.token, props.onChanged);
  const [draft, setDraft] = useState<Partial<Record<Name, string>>>({});
  const text = (name: Name): string => draft[name] ?? String(policy[name]);
  const isRight = (name: Name): boolean => /^\d+$/.test(text(name).trim()) && Number(text(name)) <= most;
  const wanted = { priorityPercent: Number(text(names[0])), returningPercent: Number(text(names[1])) };
  const right = names.every(isRight);
  const changed = names.some((name) => wanted[name] !== policy[name]);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (right && changed && (await changeRoom(wanted))) setDraft({});
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <h3>{t.lane.sharesTitle}</h3>
      <p class="hint">{t.lane.sharesText}</p>
      <div class="policy-fields">
        {names.map((name) => (
          <Field
            key={name}
            name={name}
            label={t.lane[name]}
            unit={t.lane.unit}
            fault={isRight(name) ? null : t.operator.wrong(0, most)}
            input={{
              inputMode: 'numeric',
              autoComplete: 'off',
              value: text(name),
              onInput: (event) => setDraft({ ...draft, [name]: event.currentTarget.value }),
            }}
          />
        ))}
      </div>
      {right && (
        <p data-shares>
          {lanesOf(wanted)
            .map(({ lane, percent }) => `${t.lane.name[lane]} ${t.lane.percent(percent)}`)
            .join(' · ')}
        </p>
      )}
      <div class="actions">
        <button type="submit" class="button primary" disabled={!right || !changed || change.at === 'sending'}>
          {t.operator.apply}
        </button>
      </div>
      <ChangeNote change={change} room={props.room} />
    </form>
  );
}
