import type { CodedInvitation } from '@onsale/shared/http/invitations';
import type { limits } from '@onsale/shared/limits';
import { useState } from 'preact/hooks';
import { Field } from '../ui/Field.tsx';
import { ActNote } from './ActNote.tsx';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';

// As in the contract, which the type checker compares.
const countMax: (typeof limits)['invitationBatchMax'] = 200;
const usesMax: (typeof limits)['invitationUsesMax'] = 1_000_000;
const labelMaxChars: (typeof limits)['invitationLabelMaxChars'] = 80;

const blank = { label: '', count: '1', uses: '1' };
const isWithin = (text: string, max: number): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= max;

/** Makes invitations to the priority lane. The same once more after no answer makes no more of them. */
export function InvitationForm(props: { eventId: string; token: string; onMade: () => void }) {
  const [typed, setTyped] = useState(blank);
  const { act, send } = useAct<{ invitations: readonly CodedInvitation[] }>(props.token);
  const faults = {
    label: null,
    count: isWithin(typed.count, countMax) ? null : t.operator.wrong(1, countMax),
    uses: isWithin(typed.uses, usesMax) ? null : t.operator.wrong(1, usesMax),
  };
  const right = faults.count === null && faults.uses === null;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!right) return;
    const label = typed.label.trim() === '' ? null : typed.label.trim();
    const made = await send('POST', `/api/v1/operator/rooms/${props.eventId}/invitations`, {
      label,
      lane: 'priority',
      count: Number(typed.count),
      usesMax: Number(typed.uses),
    });
    if (made) {
      setTyped(blank);
      props.onMade();
    }
  }

  const field = (name: keyof typeof blank, hint?: string) => (
    <Field
      name={`invitation-${name}`}
      label={t.invitations[name]}
      {...(hint === undefined ? {} : { hint })}
      fault={faults[name]}
      input={{
        autoComplete: 'off',
        inputMode: name === 'label' ? 'text' : 'numeric',
        maxLength: labelMaxChars,
        value: typed[name],
        onInput: (event) => setTyped({ ...typed, [name]: event.currentTarget.value }),
      }}
    />
  );

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <h3>{t.invitations.makeTitle}</h3>
      <p class="hint">{t.invitations.makeText}</p>
      <div class="choice-fields">
        {field('label', t.invitations.labelHint)}
        {field('count')}
        {field('uses', t.invitations.usesHint)}
      </div>
      <div class="actions">
        <button type="submit" class="button primary" disabled={!right || act.at === 'sending'}>
          {t.invitations.make}
        </button>
      </div>
      <ActNote act={act} done={({ invitations }) => t.invitations.made(invitations.length)} />
    </form>
  );
}
