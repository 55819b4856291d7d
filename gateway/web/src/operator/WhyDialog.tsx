import { useEffect, useRef, useState } from 'preact/hooks';
import { Field } from '../ui/Field.tsx';
import { t } from './texts.ts';

/**
 * Asks before something that cannot be taken back, and why: the reason goes into the audit.
 * @param typed what has to be typed first, where a slip of the hand would cost most
 */
export function WhyDialog(props: {
  title: string;
  text: string;
  yes: string;
  typed?: string;
  onYes: (why: string) => void;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [why, setWhy] = useState('');
  const [name, setName] = useState('');
  useEffect(() => dialog.current?.showModal(), []);
  const ready = why.trim() !== '' && (props.typed === undefined || name.trim() === props.typed);

  function submit(event: Event): void {
    event.preventDefault();
    if (!ready) return;
    dialog.current?.close();
    props.onYes(why.trim());
  }

  return (
    <dialog ref={dialog} class="confirm" aria-labelledby="why-title" onClose={props.onClose}>
      <form class="why-form" noValidate onSubmit={submit}>
        <h2 id="why-title">{props.title}</h2>
        <p>{props.text}</p>
        {props.typed !== undefined && (
          <Field
            name="typed"
            label={t.desk.typeName(props.typed)}
            fault={null}
            input={{
              autoComplete: 'off',
              value: name,
              onInput: (event) => setName(event.currentTarget.value),
            }}
          />
        )}
        <Field
          name="why"
          label={t.desk.why}
          hint={t.desk.whyHint}
          fault={null}
          input={{
            autoComplete: 'off',
            maxLength: 500,
            value: why,
            onInput: (event) => setWhy(event.currentTarget.value),
          }}
        />
        <div class="actions">
          <button type="button" class="button secondary" onClick={() => dialog.current?.close()}>
            {t.desk.no}
          </button>
          <button type="submit" class="button danger" disabled={!ready}>
            {props.yes}
          </button>
        </div>
      </form>
    </dialog>
  );
}
