import { useState } from 'preact/hooks';
import { t } from '../../texts.ts';
import { Field } from '../../ui/Field.tsx';
import type { Fan } from '../fan.ts';

const codeMaxChars = 100;

type Refused = keyof typeof t.invitation.refused;
const refusedAs = ({ refusal }: Fan): Refused | null =>
  refusal !== null && refusal.code in t.invitation.refused ? (refusal.code as Refused) : null;

export const isAboutInvitation = (fan: Fan): boolean => refusedAs(fan) !== null;

/** The code of an invitation, and joining with it; what is wrong with it is said beside it. */
export function InvitationForm(props: {
  fan: Fan;
  label: string;
  big: boolean;
  onJoin: (invitation: string) => void;
}) {
  const { fan } = props;
  const [code, setCode] = useState(fan.kept.invitation ?? '');
  const [empty, setEmpty] = useState(false);
  const refused = refusedAs(fan);
  const fault = empty ? t.invitation.missing : refused === null ? null : t.invitation.refused[refused];
  return (
    <form
      class="invitation"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setEmpty(code.trim() === '');
        if (code.trim() !== '') props.onJoin(code.trim());
      }}
    >
      <Field
        name="invitation"
        label={t.invitation.code}
        hint={t.invitation.hint}
        fault={fault}
        input={{
          value: code,
          maxLength: codeMaxChars,
          autoComplete: 'off',
          autoCapitalize: 'characters',
          spellcheck: false,
          onInput: (event) => {
            setCode(event.currentTarget.value);
            setEmpty(false);
          },
        }}
      />
      <button
        type="submit"
        class={props.big ? 'button primary big' : 'button secondary'}
        disabled={fan.request !== null}
      >
        {props.label}
      </button>
    </form>
  );
}
