import { check } from 'k6';
import { isWhatWasHeld } from '../../crowd/bought.ts';
import type { Hold } from './contract.ts';
import { Wronged } from './ending.ts';
import { type Fan, think } from './fan.ts';
import type { Shopper } from './line-up.ts';
import { ticketsSold } from './metrics.ts';

/** @returns `again` when the hold is gone and the session is not. @throws Unanswered, Wronged */
export async function buy(
  fan: Fan,
  { session }: Shopper,
  hold: Hold,
): Promise<'bought' | 'moneyBack' | 'again' | 'turnOver'> {
  await think(fan);
  const ordered = await fan.api.ask('order', {
    token: session,
    body: { holdId: hold.holdId, name: 'Fan of the load test', email: 'fan@example.com' },
  });
  if (ordered.problem?.code === 'holdExpired') return 'again';
  if (ordered.problem?.code === 'sessionOver' || ordered.problem?.code === 'tokenExpired') return 'turnOver';
  if (ordered.value === undefined) throw new Wronged(`order: refused with ${ordered.code}`);
  const { orderId, orderToken } = ordered.value;

  await think(fan);
  const paid = await fan.api.ask('pay', {
    params: { orderId },
    token: orderToken,
    session,
    body: { method: 'sandboxApprove' },
  });
  if (paid.problem?.code === 'holdExpired' || paid.problem?.code === 'orderClosed') return 'again';
  if (paid.value?.state === 'refunded') return 'moneyBack';
  if (paid.value?.state !== 'paid') throw new Wronged(`pay: ${paid.code ?? paid.value?.state}`);

  const issued = await fan.api.ask('tickets', { params: { orderId }, token: orderToken });
  if (issued.value === undefined) throw new Wronged(`tickets: refused with ${issued.code}`);
  const paidAtMs = paid.value.serverTimeMs;
  check(issued.value, { 'tickets are those held': (tickets) => isWhatWasHeld(tickets, hold, paidAtMs) });
  ticketsSold.add(issued.value.tickets.length);
  return 'bought';
}
