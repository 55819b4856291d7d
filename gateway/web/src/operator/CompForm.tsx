import type { Event } from '@onsale/shared/http/events';
import type { Comp } from '@onsale/shared/http/operator-comps';
import type { limits } from '@onsale/shared/limits';
import { useState } from 'preact/hooks';
import { emailFault } from '../ui/email.ts';
import { Field } from '../ui/Field.tsx';
import { ActNote } from './ActNote.tsx';
import { type Choice, chosenTickets, noChoice, TicketChoice } from './TicketChoice.tsx';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';

// As in the contract, which the type checker compares.
const most: (typeof limits)['compMaxTickets'] = 50;

const blank = { name: '', email: '', why: '' };
type Guest = typeof blank;

/** Gives tickets away. */
export function CompForm(props: {
  eventId: string;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const [choice, setChoice] = useState<Choice>(noChoice);
  const [guest, setGuest] = useState<Guest>(blank);
  const [tried, setTried] = useState(false);
  const { act, send } = useAct<Comp>(props.token);
  const tickets = chosenTickets(choice, props.event, most);
  const faults: Record<keyof Guest, string | null> = {
    name: guest.name.trim() === '' ? t.held.nameMissing : null,
    email: emailFault(guest.email.trim()),
    why: guest.why.trim() === '' ? t.desk.whyMissing : null,
  };
  const right = tickets !== null && Object.values(faults).every((fault) => fault === null);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (!right) return;
    const given = { name: guest.name.trim(), email: guest.email.trim(), why: guest.why.trim() };
    const path = `/api/v1/operator/events/${props.eventId}/comps`;
    if (await send('POST', path, { tickets, ...given })) {
      setChoice(noChoice);
      setGuest(blank);
      setTried(false);
    }
    props.onChanged();
  }

  const field = (name: keyof Guest, label: string, hint?: string, inputMode: 'text' | 'email' = 'text') => (
    <Field
      name={`comp-${name}`}
      label={label}
      {...(hint === undefined ? {} : { hint })}
      fault={tried ? faults[name] : null}
      input={{
        inputMode,
        autoComplete: 'off',
        maxLength: name === 'why' ? 500 : name === 'name' ? 120 : 254,
        value: guest[name],
        onInput: (event) => setGuest({ ...guest, [name]: event.currentTarget.value }),
      }}
    />
  );

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <h3>{t.desk.stock.compTitle}</h3>
      <p class="hint">{t.desk.stock.compText}</p>
      <TicketChoice name="comp" event={props.event} most={most} choice={choice} onChange={setChoice} />
      <div class="choice-fields">
        {field('name', t.held.name)}
        {field('email', t.held.email, undefined, 'email')}
        {field('why', t.desk.why, t.desk.whyHint)}
      </div>
      <div class="actions">
        <button type="submit" class="button primary" disabled={tickets === null || act.at === 'sending'}>
          {t.desk.stock.give}
        </button>
      </div>
      <ActNote act={act} done={({ ticketIds, orderId }) => t.desk.stock.given(ticketIds.length, orderId)} />
    </form>
  );
}
