import type { Fan, Request, StatusOf, Step, Why, World } from './fan.ts';
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

/** Asks for more time, or again with the same key when the answer was lost: time is given once. */
export function askExtension(fan: Fan, world: World): Fan {
  const { session, extension } = fan.kept;
  if (fan.step.at !== 'held' || session === null || extension?.spent === true) return fan;
  const { holdId } = fan.step.hold;
  const key = extension?.holdId === holdId ? extension.key : world.key;
  return ask(keep(fan, { extension: { key, holdId, spent: false } }), {
    kind: 'extend',
    session: session.token,
    key,
    holdId,
  });
}

export const spendExtension = (fan: Fan): Fan =>
  fan.kept.extension === null ? fan : keep(fan, { extension: { ...fan.kept.extension, spent: true } });

export function askPayment(fan: Fan, access: OrderAccess): Fan {
  const { payment, session } = fan.kept;
  if (payment === null) return fan;
  return ask(fan, { kind: 'pay', access, session: session?.token ?? null, ...payment });
}

/** The session as it is now: more time gives it another token. */
export const keepSession = (fan: Fan, status: StatusOf<'shopping'>): Fan =>
  keep(fan, {
    session: { token: status.session, expiresAtMs: status.sessionExpiresAtMs, mayRenew: status.mayRenew },
  });

/** Into the shop, to where an earlier page of this browser was. */
export function enterShop(fan: Fan, status: StatusOf<'shopping'>): Fan {
  const next = goTo(keepSession(fan, status), { at: 'shopping' });
  const token = status.session;
  const { hold, order } = next.kept;
  if (order?.access != null) return resume(next, { kind: 'readOrder', access: order.access });
  if (order?.buyer != null) return askOrder({ ...next, step: { at: 'resuming' } });
  if (hold?.holdId != null) return resume(next, { kind: 'readHold', session: token, holdId: hold.holdId });
  if (hold === null) return next;
  const { key, wish } = hold;
  return ask(next, { kind: 'hold', session: token, key, wish });
}

export const resume = (fan: Fan, request: Request): Fan => ask(goTo(fan, { at: 'resuming' }), request);
