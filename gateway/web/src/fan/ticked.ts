import { bounds } from './bounds.ts';
import type { Effect, Fan, World } from './fan.ts';
import { ask, goTo, serverNowMs } from './moves.ts';

/** Time passes: what was lost is sent again, deadlines are asked about, and a line without a socket is polled. */
export function ticked(fan: Fan, world: World): { fan: Fan; effects: readonly Effect[] } {
  const effects: Effect[] = [];
  let next = fan;
  if (retryDue(next, world.nowMs)) next = again(next);
  if (next.step.at === 'joining' && next.request === null) next = reveal(next, world.nowMs);
  if (next.request === null && world.nowMs >= next.checkAtMs) next = checkDeadline(next, world.nowMs);

  const placeToken = next.request === null ? polls(next) : null;
  if (placeToken !== null && world.nowMs >= next.pollAtMs) {
    effects.push({ do: 'poll', placeToken });
    const everyMs = next.step.at === 'joining' ? bounds.pollSoonMs : bounds.pollMs;
    next = { ...next, pollAtMs: world.nowMs + everyMs * (0.8 + 0.4 * world.roll) };
  }
  const everyMs = eventEveryMs(next);
  if (everyMs !== null && world.nowMs >= next.eventAtMs) {
    effects.push({ do: 'readEvent' });
    next = { ...next, eventAtMs: world.nowMs + everyMs * (0.8 + 0.4 * world.roll) };
  }
  const roomMs = roomEveryMs(next);
  if (roomMs !== null && world.nowMs >= next.roomAtMs) {
    effects.push({ do: 'readRoom' });
    next = { ...next, roomAtMs: world.nowMs + roomMs * (0.8 + 0.4 * world.roll) };
  }
  return { fan: next, effects };
}

const retryDue = (fan: Fan, nowMs: number): boolean => fan.trouble !== null && nowMs >= fan.trouble.retryAtMs;

/** The same request once more; a new object, so that it is sent. What it carries, and its key, stay. */
export function again(fan: Fan): Fan {
  if (fan.request === null) return { ...fan, trouble: null, eventAtMs: 0 };
  if (fan.trouble === null) return fan;
  return {
    ...fan,
    request: { ...fan.request },
    trouble: { ...fan.trouble, retryAtMs: Number.POSITIVE_INFINITY },
  };
}

function reveal(fan: Fan, nowMs: number): Fan {
  if (fan.step.at !== 'joining' || fan.step.status === null || fan.step.revealAtMs === null) return fan;
  return nowMs < fan.step.revealAtMs ? fan : goTo(fan, { at: 'waiting', status: fan.step.status });
}

function checkDeadline(fan: Fan, nowMs: number): Fan {
  const passed = (atMs: number): boolean => serverNowMs(fan, nowMs) > atMs + bounds.graceMs;
  const { step, kept } = fan;
  const checking = { ...fan, checkAtMs: nowMs + bounds.recheckMs };
  if (step.at === 'paying' && passed(step.order.payByMs)) {
    const { orderId, orderToken } = step.order;
    return ask(checking, { kind: 'readOrder', access: { orderId, orderToken } });
  }
  if (step.at === 'held' && kept.session !== null && passed(step.hold.expiresAtMs)) {
    return ask(checking, { kind: 'readHold', session: kept.session.token, holdId: step.hold.holdId });
  }
  if (kept.placeToken === null) return fan;
  const turnOver =
    (step.at === 'offered' && passed(step.status.claimByMs)) ||
    ((step.at === 'shopping' || step.at === 'held') &&
      kept.session !== null &&
      passed(kept.session.expiresAtMs));
  return turnOver ? ask(checking, { kind: 'status', placeToken: kept.placeToken }) : fan;
}

function polls(fan: Fan): string | null {
  const inLine = fan.step.at === 'joining' || fan.step.at === 'waiting' || fan.step.at === 'offered';
  return inLine && !fan.socketUp && fan.online ? fan.kept.placeToken : null;
}

function eventEveryMs(fan: Fan): number | null {
  if (fan.event === null || fan.step.at === 'event') return bounds.eventMs;
  return fan.step.at === 'shopping' ? bounds.eventWhileShoppingMs : null;
}

/** Before joining the room is what the page is about; of a draw, its seed is looked for until it is told. */
function roomEveryMs({ step, room }: Fan): number | null {
  if (step.at === 'event') return bounds.roomMs;
  if (step.at !== 'waiting' || step.status.room.orderMode !== 'draw') return null;
  if (room === null) return bounds.roomMs;
  return room.draw.seed === null && step.status.room.state !== 'preOpening'
    ? bounds.roomWhileWaitingMs
    : null;
}
