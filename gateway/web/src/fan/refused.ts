import type { Problem } from '@onsale/shared/errors';
import { bounds } from './bounds.ts';
import type { Fan, Request, World } from './fan.ts';
import { afterHold, forgetPlace } from './kept.ts';
import { loseSeats } from './lose-seats.ts';
import { ask, endTurn, goTo, keep, loseHold, resume, spendExtension, stop } from './moves.ts';

/** The request in flight was refused. Codes that end something have a state of their own; the rest is said in place. */
export function refused(before: Fan, request: Request, problem: Problem, world: World): Fan {
  const fan: Fan = { ...before, request: null, trouble: null };
  switch (problem.code) {
    case 'roomClosed':
      return goTo({ ...fan, refusal: problem, roomAtMs: 0 }, { at: 'event', left: false });
    case 'placeRemoved':
      return stop(fan, 'removed', false);
    case 'invitationInvalid':
    case 'invitationSpent':
    case 'invitationOver':
      // Not sent again by itself: without it the fan may join as others do.
      return say(keep(fan, { invitation: null }), problem);
    case 'turnsSpent':
      return stop(fan, 'turnsSpent', false);
    case 'eventUnknown':
      return stop(fan, 'eventUnknown', false);
    case 'holdExpired':
      return loseHold(fan, 'holdExpired');
    case 'holdUnknown':
      return goTo({ ...fan, kept: afterHold(fan.kept) }, { at: 'shopping' });
    case 'extensionSpent':
      return say(spendExtension(fan), problem);
    case 'seatsTaken':
      return loseSeats(say(fan, problem, request), problem.taken ?? [], world);
    case 'paymentDeclined':
      return decline(fan, problem);
    case 'inFlight':
      // The first of two payments with one key is being worked on: its answer is this one's too.
      return { ...before, trouble: { kind: 'busy', attempt: 1, retryAtMs: world.nowMs + bounds.recheckMs } };
    case 'orderClosed':
      return (request.kind === 'readOrder' ? null : readOrder(fan)) ?? say(fan, problem);
    case 'orderUnknown':
      return standAgain({ ...fan, kept: afterHold(fan.kept) });
    case 'placeUnknown':
      return request.kind === 'status' ? rejoin(fan) : say(fan, problem);
    case 'offerLapsed':
      return request.kind === 'claim' ? standAgain(fan) : say(fan, problem);
    case 'sessionOver':
      return loseSession(fan, problem);
    case 'tokenMissing':
    case 'tokenInvalid':
    case 'tokenExpired':
      return distrusted(fan, request, problem);
    default:
      return say(fan, problem, request);
  }
}

/** The fan stays, reads why, and may try otherwise: so the key of what was refused is not used again. */
function say(fan: Fan, problem: Problem, request?: Request): Fan {
  const kept = { ...fan.kept, payment: null };
  const refusedWish = request?.kind === 'hold' ? request.wish : null;
  const told = { ...fan, kept, refusal: problem, refusedWish };
  switch (fan.step.at) {
    case 'shopping':
      return { ...told, kept: { ...kept, hold: null }, eventAtMs: 0 };
    case 'held':
      return { ...told, kept: { ...kept, order: null } };
    case 'joining':
      return goTo(told, { at: 'event', left: false });
    case 'resuming':
      return kept.session === null
        ? goTo(told, { at: 'event', left: false })
        : goTo({ ...told, kept: afterHold(kept) }, { at: 'shopping' });
    default:
      return told;
  }
}

function decline(fan: Fan, problem: Problem): Fan {
  if (fan.step.at !== 'paying') return say(fan, problem);
  return { ...keep(fan, { payment: null }), step: { ...fan.step, declined: true } };
}

function readOrder(fan: Fan): Fan | null {
  const access = fan.kept.order?.access;
  return access == null ? null : ask(keep(fan, { payment: null }), { kind: 'readOrder', access });
}

/** The line knows best: ask it where the fan stands. */
function standAgain(fan: Fan): Fan {
  const { placeToken } = fan.kept;
  if (placeToken === null) return goTo({ ...fan, kept: afterHold(fan.kept) }, { at: 'event', left: false });
  return resume(fan, { kind: 'status', placeToken });
}

/** The line forgot the place; its token carries the order, so joining with it stands the fan where he stood. */
const rejoin = (fan: Fan): Fan =>
  ask(goTo(fan, { at: 'joining', revealAtMs: null, status: null }), {
    kind: 'join',
    placeToken: fan.kept.placeToken,
    invitation: fan.kept.invitation,
  });

function distrusted(fan: Fan, request: Request, problem: Problem): Fan {
  switch (request.kind) {
    case 'join':
      // A token the keys no longer know: the cookie may still say who this is.
      return request.placeToken === null
        ? say(fan, problem)
        : ask(keep(fan, { placeToken: null }), { ...request, placeToken: null });
    case 'status':
    case 'leave':
      return goTo({ ...fan, kept: forgetPlace(fan.kept) }, { at: 'event', left: false });
    case 'readOrder':
    case 'pay':
    case 'tickets':
      return standAgain({ ...fan, kept: afterHold(fan.kept) });
    case 'claim':
      return standAgain(fan);
    default:
      return loseSession(fan, problem);
  }
}

/** An order that was begun can be paid without a session; short of that, what the session held is lost with it. */
function loseSession(fan: Fan, problem: Problem): Fan {
  if (fan.kept.order?.access != null) return say(fan, problem);
  return problem.code === 'tokenExpired'
    ? endTurn(fan, 'sessionExpired', true)
    : standAgain({ ...fan, kept: afterHold({ ...fan.kept, session: null }) });
}
