import type { Event } from '@onsale/shared/http/events';
import { Field } from '../ui/Field.tsx';
import { ticketsIn } from './asked-for.ts';
import { t } from './texts.ts';

/** Which tickets, as it is typed: so many of a tier, or these. */
export interface Choice {
  readonly tierId: string;
  readonly quantity: string;
  readonly numbers: string;
}
export const noChoice: Choice = { tierId: '', quantity: '1', numbers: '' };

/** As the routes want it; null while it is not right. Numbers, when there are any, are what counts. */
export function chosenTickets(
  { tierId, quantity, numbers }: Choice,
  event: Event | null,
  most: number,
): { ticketIds: number[] } | { tierId: string; quantity: number } | null {
  if (numbers.trim() !== '') {
    const ticketIds = ticketsIn(numbers, most);
    return ticketIds === null ? null : { ticketIds };
  }
  const tier = tierId || event?.tiers[0]?.tierId;
  const count = /^\d+$/.test(quantity.trim()) ? Number(quantity) : 0;
  return tier === undefined || count < 1 || count > most ? null : { tierId: tier, quantity: count };
}

export function TicketChoice(props: {
  name: string;
  event: Event | null;
  most: number;
  choice: Choice;
  onChange: (choice: Choice) => void;
}) {
  const { name, event, most, choice } = props;
  const named = choice.numbers.trim() !== '';
  const wrong = chosenTickets(choice, event, most) === null;
  return (
    <div class="choice-fields">
      <div class="field">
        <label for={`${name}-tier`}>{t.desk.stock.tier}</label>
        <select
          id={`${name}-tier`}
          value={choice.tierId || event?.tiers[0]?.tierId}
          disabled={named}
          onChange={(changed) => props.onChange({ ...choice, tierId: changed.currentTarget.value })}
        >
          {event?.tiers.map((tier) => (
            <option key={tier.tierId} value={tier.tierId}>
              {t.desk.stock.tierFree(tier.name, tier.free)}
            </option>
          ))}
        </select>
      </div>
      <Field
        name={`${name}-quantity`}
        label={t.desk.stock.quantity}
        fault={wrong && !named ? t.operator.wrong(1, most) : null}
        input={{
          inputMode: 'numeric',
          autoComplete: 'off',
          disabled: named,
          value: choice.quantity,
          onInput: (typed) => props.onChange({ ...choice, quantity: typed.currentTarget.value }),
        }}
      />
      <Field
        name={`${name}-numbers`}
        label={t.desk.stock.numbers}
        hint={t.desk.stock.numbersHint}
        fault={wrong && named ? t.desk.stock.numbersWrong(most) : null}
        input={{
          autoComplete: 'off',
          value: choice.numbers,
          onInput: (typed) => props.onChange({ ...choice, numbers: typed.currentTarget.value }),
        }}
      />
    </div>
  );
}
