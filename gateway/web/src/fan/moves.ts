import type { Fan, Request, Step, Why } from './fan.ts';
import { afterTurn, type Kept, type OrderAccess } from './kept.ts';

/** Small moves the machine is made of. Each gives a new Fan and does nothing else. */

export const serverNowMs = (fan: Fan, nowMs: number): number => nowMs + fan.clockOffsetMs;

export const goTo = (fan: Fan, step: Step): Fan => ({ ...fan, step, request: null, trouble: null });

export const ask = (fan: Fan, request: Request): Fan => ({ ...fan, request, trouble: null });

export const keep = (fan: Fan, part: Partial<Kept>): Fan => ({ ...fan, kept: { ...fan.kept, ...part } });

export const heardServer = (fan: Fan, serverTimeMs: number, nowMs: number): Fan => ({
  ...fan,
  clockOffsetMs: serverTimeMs - nowMs,
});

export const stop = (fan: Fan, why: Why, mayJoinAgain: boolean): Fan =>
  goTo(fan, { at: 'stopped', why, mayJoinAgain });

/** The turn is over: nothing of it is worth keeping. */
export const endTurn = (fan: Fan, why: Why, mayJoinAgain: boolean): Fan =>
  stop({ ...fan, kept: afterTurn(fan.kept) }, why, mayJoinAgain);

/** The hold is gone; with a session that lives the fan may choose again, so the session stays. */
export const loseHold = (fan: Fan, why: 'holdExpired' | 'refunded' | 'cancelled'): Fan =>
  stop(keep(fan, { payment: null }), why, true);

export const sessionLives = (fan: Fan, nowMs: number): boolean =>
  fan.kept.session !== null && fan.kept.session.expiresAtMs > serverNowMs(fan, nowMs);

/** Begins to buy a hold, or asks again for the order whose answer was lost. */
export function askOrder(fan: Fan): Fan {
  const { order, session } = fan.kept;
  if (order?.buyer == null || session === null) return fan;
  const { key, holdId, buyer } = order;
  return ask(fan, { kind: 'order', session: session.token, key, holdId, ...buyer });
}

export function askPayment(fan: Fan, access: OrderAccess): Fan {
  const { payment, session } = fan.kept;
  if (payment === null) return fan;
  return ask(fan, { kind: 'pay', access, session: session?.token ?? null, ...payment });
}

/** Into the shop, to where an earlier page of this browser was. */
export function enterShop(fan: Fan, token: string, expiresAtMs: number): Fan {
  const next = goTo(keep(fan, { session: { token, expiresAtMs } }), { at: 'shopping' });
  const { hold, order } = next.kept;
  if (order?.access != null) return resume(next, { kind: 'readOrder', access: order.access });
  if (order?.buyer != null) return askOrder({ ...next, step: { at: 'resuming' } });
  if (hold?.holdId != null) return resume(next, { kind: 'readHold', session: token, holdId: hold.holdId });
  if (hold === null) return next;
  const { key, tierId, quantity } = hold;
  return ask(next, { kind: 'hold', session: token, key, tierId, quantity });
}

export const resume = (fan: Fan, request: Request): Fan => ask(goTo(fan, { at: 'resuming' }), request);
