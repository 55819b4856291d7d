import { t } from '../../texts.ts';
import { IssuedTickets } from '../../ui/IssuedTickets.tsx';
import { KeepLink } from '../../ui/KeepLink.tsx';
import { Receipt } from '../../ui/Receipt.tsx';
import type { ViewProps } from './view.ts';

/** Bought. */
export function Tickets({ fan, dispatch }: ViewProps) {
  if (fan.step.at !== 'tickets') return null;
  const { order, tickets } = fan.step;
  if (tickets === null) return <p role="status">{t.tickets.loading}</p>;
  return (
    <>
      <p class="screen-only">{t.tickets.lead}</p>
      <IssuedTickets event={fan.event} tickets={tickets} />
      <KeepLink access={order} />
      <Receipt order={order} event={fan.event} />
      <div class="actions screen-only">
        <button type="button" class="button secondary" onClick={() => print()}>
          {t.tickets.print}
        </button>
        <button type="button" class="button plain" onClick={() => dispatch({ type: 'buyMore' })}>
          {t.tickets.more}
        </button>
      </div>
    </>
  );
}
