import { randomUUID } from 'node:crypto';
import type { Hold } from '@onsale/shared/http/holds';
import type { Order } from '@onsale/shared/http/orders';
import { isWhatWasHeld } from './bought.ts';
import { bounds } from './bounds.ts';
import type { Shopped } from './endings.ts';
import type { Life } from './life.ts';
import { Undocumented } from './operations.ts';
import { think } from './think.ts';

/** Orders and pays a hold, and looks at the tickets. */
export async function buy(life: Life, session: string, placeToken: string, hold: Hold): Promise<Shopped> {
  await think(life);
  const { value: order, problem } = await life.call('order', {
    token: session,
    key: randomUUID(),
    body: { holdId: hold.holdId, name: 'Fan of the crowd', email: 'fan@example.com' },
  });
  if (problem?.code === 'holdExpired') return 'again';
  if (problem?.code === 'sessionOver' || problem?.code === 'tokenExpired') return 'turnOver';
  if (!order) throw new Undocumented(`order: refused with ${problem?.code}`);

  const paid = await pay(life, order, session);
  if (typeof paid === 'object') return collect(life, order, hold, paid.paidAtMs);
  if (paid === 'declined') {
    await life.call('release', { params: { holdId: hold.holdId }, token: session });
    await life.call('leave', { params: { eventId: life.options.event }, token: placeToken });
  }
  return paid;
}

async function pay(
  life: Life,
  { orderId, orderToken }: Order,
  session: string,
): Promise<{ paidAtMs: number } | 'declined' | 'moneyBack' | 'again'> {
  const { call, character } = life;
  for (let attempt = 1; attempt <= bounds.paymentsMax; attempt += 1) {
    await think(life);
    const { value, problem } = await call('pay', {
      params: { orderId },
      token: orderToken,
      session,
      key: randomUUID(),
      body: { method: attempt <= character.declines ? 'sandboxDecline' : 'sandboxApprove' },
    });
    if (value?.state === 'paid') return { paidAtMs: value.serverTimeMs };
    if (value?.state === 'refunded') return 'moneyBack';
    if (problem?.code === 'holdExpired' || problem?.code === 'orderClosed') return 'again';
    if (problem?.code !== 'paymentDeclined')
      throw new Undocumented(
        `pay: ${value ? `an order in state ${value.state}` : `refused with ${problem?.code}`}`,
      );
    if (attempt > character.declines) life.tally.fault('pay: a good card was declined');
  }
  return 'declined';
}

/** A paid order has its tickets, what was held, each with a code of its own. */
async function collect(
  { call, tally }: Life,
  { orderId, orderToken }: Order,
  hold: Hold,
  paidAtMs: number,
): Promise<'bought'> {
  const { value, problem } = await call('tickets', { params: { orderId }, token: orderToken });
  if (!value) throw new Undocumented(`tickets: refused with ${problem?.code}`);
  if (!isWhatWasHeld(value, hold, paidAtMs)) tally.fault('tickets: not those that were held and paid');
  if (new Set(value.tickets.map(({ code }) => code)).size !== value.tickets.length)
    tally.fault('tickets: two with one code');
  tally.tickets += value.tickets.length;
  return 'bought';
}
