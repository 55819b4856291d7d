import type { Event } from '@onsale/shared/http/events';
import type { StockMoved } from '@onsale/shared/http/operator-stock';
import type { limits } from '@onsale/shared/limits';
import { useState } from 'preact/hooks';
import { Field } from '../ui/Field.tsx';
import { ActNote } from './ActNote.tsx';
import { chosenTickets, noChoice, TicketChoice } from './TicketChoice.tsx';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';

// As in the contract, which the type checker compares.
const most: (typeof limits)['stockMoveMaxTickets'] = 500;

/** Takes tickets off sale, and puts them back. It can be undone, so nothing is asked first. */
export function MoveForm(props: {
  eventId: string;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const [choice, setChoice] = useState(noChoice);
  const [why, setWhy] = useState('');
  const { act, send } = useAct<StockMoved>(props.token);
  const tickets = chosenTickets(choice, props.event, most);

  async function move(which: 'block' | 'unblock'): Promise<void> {
    const path = `/api/v1/operator/events/${props.eventId}/stock-moves`;
    const reason = why.trim() === '' ? {} : { why: why.trim() };
    if (tickets !== null && (await send('POST', path, { move: which, tickets, ...reason }))) {
      setChoice(noChoice);
      setWhy('');
    }
    props.onChanged();
  }

  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <h3>{t.desk.stock.moveTitle}</h3>
      <p class="hint">{t.desk.stock.moveText}</p>
      <TicketChoice name="move" event={props.event} most={most} choice={choice} onChange={setChoice} />
      <Field
        name="move-why"
        label={t.desk.stock.whyMaybe}
        fault={null}
        input={{
          autoComplete: 'off',
          maxLength: 500,
          value: why,
          onInput: (event) => setWhy(event.currentTarget.value),
        }}
      />
      <div class="actions">
        {(['block', 'unblock'] as const).map((which) => (
          <button
            key={which}
            type="button"
            class={which === 'block' ? 'button primary' : 'button secondary'}
            disabled={tickets === null || act.at === 'sending'}
            onClick={() => void move(which)}
          >
            {t.desk.stock[which]}
          </button>
        ))}
      </div>
      <ActNote
        act={act}
        done={({ move: done, ticketIds }) => t.desk.stock.moved[done](ticketIds.length, ticketIds)}
      />
    </form>
  );
}
