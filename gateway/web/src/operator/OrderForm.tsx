import type { RoomPatch } from '@onsale/shared/http/internal';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useState } from 'preact/hooks';
import { ChangeNote } from './ChangeNote.tsx';
import { SelectField } from './SelectField.tsx';
import { t } from './texts.ts';
import { useChange } from './use-change.ts';

const names = ['orderMode', 'identity', 'whenAway'] as const;
type Settings = Pick<OperatorRoom['policy'], (typeof names)[number]>;

/** How the line is ordered, who may join, and what happens while it is away. */
export function OrderForm(props: { room: OperatorRoom; token: string; onChanged: () => void }) {
  const { policy } = props.room;
  const { change, changeRoom } = useChange(policy.eventId, props.token, props.onChanged);
  const [draft, setDraft] = useState<Partial<Settings>>({});
  const wanted: Settings = { ...policy, ...draft };
  const changed = names.filter((name) => wanted[name] !== policy[name]);
  const drawWithoutOpening = wanted.orderMode === 'draw' && policy.opensAtMs === null;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const patch: RoomPatch = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
    if (changed.length > 0 && (await changeRoom(patch))) setDraft({});
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <h3>{t.lineOrder.title}</h3>
      <div class="policy-fields">
        <SelectField
          name="orderMode"
          label={t.lineOrder.mode}
          hint={t.lineOrder.settled}
          value={wanted.orderMode}
          options={t.lineOrder.modes}
          onChange={(orderMode) => setDraft({ ...draft, orderMode })}
        />
        <SelectField
          name="identity"
          label={t.lineOrder.identity}
          hint={t.lineOrder.settled}
          value={wanted.identity}
          options={t.lineOrder.identities}
          onChange={(identity) => setDraft({ ...draft, identity })}
        />
        <SelectField
          name="whenAway"
          label={t.lineOrder.whenAway}
          value={wanted.whenAway}
          options={t.lineOrder.whenAways}
          onChange={(whenAway) => setDraft({ ...draft, whenAway })}
        />
      </div>
      {drawWithoutOpening && <p class="fault">{t.lineOrder.needsOpening}</p>}
      <div class="actions">
        <button
          type="submit"
          class="button primary"
          disabled={changed.length === 0 || change.at === 'sending'}
        >
          {t.operator.apply}
        </button>
      </div>
      <ChangeNote change={change} room={props.room} />
    </form>
  );
}
