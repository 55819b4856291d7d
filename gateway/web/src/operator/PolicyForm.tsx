import type { RoomPatch } from '@onsale/shared/http/internal';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useState } from 'preact/hooks';
import { Field } from '../ui/Field.tsx';
import { changedIn, type Draft, draftOf, faultsOf, fields, type Shown } from './policy-draft.ts';
import { t } from './texts.ts';

/** The numbers of the policy. What is not being edited follows the room, whoever changes it. */
export function PolicyForm(props: {
  policy: OperatorRoom['policy'];
  holdTtlMs: number | null;
  busy: boolean;
  onRoom: (patch: RoomPatch) => Promise<boolean>;
  onHoldTtl: (holdTtlMs: number) => Promise<boolean>;
}) {
  const [draft, setDraft] = useState<Draft>({});
  const [savedHoldTtlMs, setSavedHoldTtlMs] = useState<number | null>(null);
  const shown: Shown = { ...props.policy, holdTtlMs: savedHoldTtlMs ?? props.holdTtlMs };
  const now = draftOf(shown);
  const changed = changedIn(draft, shown);
  const faults = faultsOf(changed);
  const wrong = Object.keys(faults).length > 0;

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (wrong) return;
    const { holdTtlMs, ...patch } = Object.fromEntries(
      fields
        .filter(({ name }) => name in changed)
        .map(({ name, perUnit }) => [name, Number(changed[name]) * perUnit]),
    );
    const roomDone = Object.keys(patch).length === 0 || (await props.onRoom(patch));
    const holdDone = holdTtlMs === undefined || (roomDone && (await props.onHoldTtl(holdTtlMs)));
    if (holdTtlMs !== undefined && holdDone) setSavedHoldTtlMs(holdTtlMs);
    if (roomDone && holdDone) setDraft({});
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <div class="policy-head">
        <h3>{t.operator.policy}</h3>
        <span class="hint">{t.operator.version(props.policy.version)}</span>
      </div>
      <div class="policy-fields">
        {fields.map(({ name, label, unit }) => (
          <Field
            key={name}
            name={name}
            label={label}
            unit={unit}
            fault={faults[name] ?? null}
            input={{
              inputMode: 'numeric',
              autoComplete: 'off',
              value: draft[name] ?? now[name],
              onInput: (event) => setDraft({ ...draft, [name]: event.currentTarget.value }),
            }}
          />
        ))}
      </div>
      <div class="actions">
        <button
          type="submit"
          class="button primary"
          disabled={props.busy || wrong || Object.keys(changed).length === 0}
        >
          {t.operator.apply}
        </button>
        <button
          type="button"
          class="button plain"
          disabled={Object.keys(changed).length === 0}
          onClick={() => setDraft({})}
        >
          {t.operator.reset}
        </button>
      </div>
    </form>
  );
}
