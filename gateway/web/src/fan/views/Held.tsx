import { useRef, useState } from 'preact/hooks';
import { t } from '../../texts.ts';
import { Countdown } from '../../ui/Countdown.tsx';
import { emailFault } from '../../ui/email.ts';
import { Field } from '../../ui/Field.tsx';
import { TicketList } from '../../ui/TicketList.tsx';
import { MoreTime } from './MoreTime.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import type { ViewProps } from './view.ts';

const nameMaxChars = 120;

function nameFault(name: string): string | null {
  if (name === '') return t.held.nameMissing;
  return name.length > nameMaxChars ? t.held.nameTooLong : null;
}

/** Reserved: who buys. The clock runs by the server's time. */
export function Held({ fan, dispatch }: ViewProps) {
  const form = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<{ name: string | null; email: string | null }>({
    name: null,
    email: null,
  });
  if (fan.step.at !== 'held') return null;
  const { hold } = fan.step;
  const busy = fan.request !== null;

  function submit(event: Event): void {
    event.preventDefault();
    const data = new FormData(form.current!);
    const [name, email] = [String(data.get('name')).trim(), String(data.get('email')).trim()];
    const found = { name: nameFault(name), email: emailFault(email) };
    setFaults(found);
    const wrong = found.name !== null ? 'name' : found.email !== null ? 'email' : null;
    if (wrong === null) dispatch({ type: 'buy', name, email });
    else form.current!.querySelector<HTMLInputElement>(`[name=${wrong}]`)!.focus();
  }

  return (
    <>
      <Countdown
        label={t.held.left}
        untilMs={hold.expiresAtMs}
        urgentMs={60_000}
        offsetMs={fan.clockOffsetMs}
        announce={t.held.announce}
      />
      <MoreTime fan={fan} hold={hold} dispatch={dispatch} />
      <TicketList event={fan.event} basket={hold} />
      <form ref={form} noValidate onSubmit={submit}>
        <h3>{t.held.details}</h3>
        <Field
          name="name"
          label={t.held.name}
          hint={t.held.nameHint}
          fault={faults.name}
          input={{ autoComplete: 'name' }}
        />
        <Field
          name="email"
          label={t.held.email}
          fault={faults.email}
          input={{ type: 'email', autoComplete: 'email', inputMode: 'email' }}
        />
        {fan.refusal?.code !== 'extensionSpent' && <RefusalNotice fan={fan} />}
        <button type="submit" class="button primary big" disabled={busy}>
          {t.held.buy}
        </button>
      </form>
      <button
        type="button"
        class="button plain"
        disabled={busy}
        onClick={() => dispatch({ type: 'release' })}
      >
        {t.held.release}
      </button>
    </>
  );
}
