import { answered, shopAgain } from './answered.ts';
import { bounds, mostOf, retryDelayMs } from './bounds.ts';
import type { Command, Effect, Fan, World } from './fan.ts';
import { afterTurn, type Kept, nothingKept } from './kept.ts';
import { seeSeats } from './lose-seats.ts';
import { ask, askExtension, askOrder, askPayment, goTo, heardServer, keep, resume, stop } from './moves.ts';
import { refused } from './refused.ts';
import { barred, isPicked, without } from './seats.ts';
import { stand } from './stand.ts';
import { again, ticked } from './ticked.ts';

export const newFan = (nowMs: number): Fan => ({
  step: { at: 'resuming' },
  kept: nothingKept,
  event: null,
  room: null,
  request: null,
  trouble: null,
  refusal: null,
  refusedWish: null,
  lost: null,
  clockOffsetMs: 0,
  socketUp: false,
  online: true,
  heardAtMs: nowMs,
  ageMs: 0,
  pollAtMs: 0,
  eventAtMs: 0,
  roomAtMs: 0,
  checkAtMs: 0,
});

/**
 * The whole fan page: (fan, command, world) → (fan, effects). It reads no clock and makes no request. What has to be kept
 * comes before what is sent, so that a page that dies between the two asks again with the same key.
 */
export function advance(fan: Fan, command: Command, world: World): { fan: Fan; effects: readonly Effect[] } {
  const moved =
    command.type === 'tick' ? ticked(fan, world) : { fan: obey(fan, command, world), effects: [] };
  return { fan: moved.fan, effects: [...between(fan, moved.fan), ...moved.effects] };
}

/** What has to happen in the world for `after` to be true there. */
function between(before: Fan, after: Fan): Effect[] {
  const effects: Effect[] = [];
  if (after.kept !== before.kept) effects.push({ do: 'keep', kept: after.kept });
  const [was, is] = [listensWith(before), listensWith(after)];
  if (is !== null && is !== was) effects.push({ do: 'listen', placeToken: is });
  if (is === null && was !== null) effects.push({ do: 'hangUp' });
  if (after.request !== null && after.request !== before.request) {
    effects.push({ do: 'send', request: after.request });
  }
  return effects;
}

/** From the joining until there is an order, the page listens to the line. */
function listensWith({ step, kept }: Fan): string | null {
  const listens = ['joining', 'waiting', 'offered', 'shopping', 'held'].includes(step.at);
  return listens ? kept.placeToken : null;
}

function obey(fan: Fan, command: Exclude<Command, { type: 'tick' }>, world: World): Fan {
  switch (command.type) {
    case 'start':
      return start(
        { ...newFan(world.nowMs), event: fan.event, room: fan.room, online: fan.online },
        command.kept,
      );
    case 'answered':
      return command.request === fan.request ? answered(fan, command.answer, world) : fan;
    case 'refused':
      return command.request === fan.request ? refused(fan, command.request, command.problem, world) : fan;
    case 'lost':
      return command.request === fan.request ? lost(fan, command.lost, world) : fan;
    case 'polled':
      return polled(fan, command, world);
    case 'pollLost':
      return { ...fan, pollAtMs: Math.max(fan.pollAtMs, world.nowMs + (command.retryAfterMs ?? 0)) };
    case 'pushed':
      return pushed(fan, command.message, world);
    case 'socket':
      return { ...fan, socketUp: command.up, pollAtMs: world.nowMs + bounds.pollSoonMs };
    case 'network':
      return network(fan, command.online, world);
    case 'eventRead':
      return eventRead(heardServer(fan, command.event.serverTimeMs, world.nowMs), command.event);
    case 'roomRead':
      return roomRead(heardServer(fan, command.room.serverTimeMs, world.nowMs), command.room);
    case 'seatsSeen':
      return seeSeats(fan, command.seats, world);
    case 'eventRefused':
      return fan.event === null ? stop(fan, 'eventUnknown', false) : fan;
    case 'eventLost':
      return fan.event === null && fan.request === null ? lost(fan, command.lost, world) : fan;
    case 'tryNow':
      return again(fan);
    default:
      return fan.request === null ? act(goOn(fan), command, world) : fan;
  }
}

/** The fan goes on: what was said to him before is said no longer. */
const goOn = (fan: Fan): Fan => ({
  ...fan,
  refusal: null,
  refusedWish: null,
  lost: fan.lost === null ? null : { ...fan.lost, told: true },
});

type Deed = Extract<
  Command,
  {
    type:
      | 'join'
      | 'enter'
      | 'pick'
      | 'addSeat'
      | 'dropSeats'
      | 'extend'
      | 'renew'
      | 'release'
      | 'buy'
      | 'pay'
      | 'leave'
      | 'shopAgain'
      | 'buyMore';
  }
>;

/** What the fan does with his own hand. One thing at a time: while a request is out, nothing else is done. */
function act(fan: Fan, deed: Deed, world: World): Fan {
  const { step, kept } = fan;
  switch (deed.type) {
    case 'join': {
      const invitation = deed.invitation ?? kept.invitation;
      const request = { kind: 'join', placeToken: kept.placeToken, invitation } as const;
      // Who waits already stays where he is, until he is told whether the invitation changed his lane.
      if (step.at === 'waiting') return ask(keep(fan, { invitation }), request);
      const next = { ...fan, kept: { ...afterTurn(kept), invitation }, socketUp: false };
      return ask(goTo(next, { at: 'joining', revealAtMs: null, status: null }), request);
    }
    case 'enter':
      return step.at === 'offered' ? ask(fan, { kind: 'claim', pass: step.status.pass }) : fan;
    case 'pick': {
      if (step.at !== 'shopping' || kept.session === null) return fan;
      const hold = { key: world.key, wish: deed.wish };
      return ask(keep({ ...fan, lost: null }, { hold: { ...hold, holdId: null } }), {
        kind: 'hold',
        session: kept.session.token,
        ...hold,
      });
    }
    case 'addSeat': {
      const { seat, accessible } = deed;
      const max = fan.event === null ? 0 : mostOf(fan.event);
      const free = step.at === 'shopping' && !isPicked(kept.picked, seat.ticketId);
      return free && barred(kept.picked, seat, { max, accessible }) === null
        ? keep(fan, { picked: [...kept.picked, seat] })
        : fan;
    }
    case 'dropSeats':
      return keep(fan, { picked: without(kept.picked, deed.ticketIds) });
    case 'extend':
      return askExtension(fan, world);
    case 'renew':
      return kept.session?.mayRenew === true && (step.at === 'shopping' || step.at === 'held')
        ? ask(fan, { kind: 'renew', session: kept.session.token })
        : fan;
    case 'release':
      return kept.session !== null && kept.hold?.holdId != null
        ? ask(fan, { kind: 'release', session: kept.session.token, holdId: kept.hold.holdId })
        : fan;
    case 'buy': {
      if (step.at !== 'held') return fan;
      const { name, email } = deed;
      const order = { key: world.key, holdId: step.hold.holdId, buyer: { name, email }, access: null };
      return askOrder(keep(fan, { order }));
    }
    case 'pay': {
      if (step.at !== 'paying') return fan;
      const { orderId, orderToken } = step.order;
      const next = keep(fan, { payment: { key: world.key, method: deed.method } });
      return askPayment({ ...next, step: { ...step, declined: false } }, { orderId, orderToken });
    }
    case 'leave':
      return kept.placeToken === null ? fan : ask(fan, { kind: 'leave', placeToken: kept.placeToken });
    case 'shopAgain':
      return step.at === 'stopped' && kept.session !== null ? shopAgain(fan) : fan;
    case 'buyMore': {
      if (step.at !== 'tickets') return fan;
      const { orderId, orderToken } = step.order;
      const bought = [...kept.bought, { orderId, orderToken }];
      return goTo({ ...fan, kept: { ...afterTurn(kept), bought } }, { at: 'event', left: false });
    }
  }
}

function start(fan: Fan, kept: Kept): Fan {
  const next = { ...fan, kept };
  if (kept.order?.access != null) return resume(next, { kind: 'readOrder', access: kept.order.access });
  if (kept.placeToken !== null) return resume(next, { kind: 'status', placeToken: kept.placeToken });
  return goTo(next, { at: 'event', left: false });
}

function lost(
  fan: Fan,
  { kind, retryAfterMs }: Extract<Command, { type: 'lost' }>['lost'],
  world: World,
): Fan {
  const attempt = (fan.trouble?.attempt ?? 0) + 1;
  const retryAtMs = world.nowMs + retryDelayMs(attempt, retryAfterMs, world.roll);
  return { ...fan, trouble: { kind, attempt, retryAtMs } };
}

function polled(fan: Fan, { status, retryAfterMs }: Extract<Command, { type: 'polled' }>, world: World): Fan {
  const pollAtMs = Math.max(
    fan.pollAtMs,
    world.nowMs + (fan.step.at === 'joining' ? 0 : (retryAfterMs ?? 0)),
  );
  const heard = { ...fan, heardAtMs: world.nowMs, pollAtMs };
  return status === null || fan.request !== null ? heard : stand(heard, status, world);
}

function pushed(fan: Fan, message: Extract<Command, { type: 'pushed' }>['message'], world: World): Fan {
  const heard = { ...fan, heardAtMs: world.nowMs };
  const { step } = fan;
  switch (message.type) {
    case 'status':
      // Its own answer is on the way, and knows more.
      return fan.request === null ? stand(heard, message.status, world) : heard;
    case 'place': {
      if ((step.at !== 'waiting' && step.at !== 'joining') || step.status === null) return heard;
      const { place, ahead, wait, odds, waiting } = message;
      const room = { ...step.status.room, waiting };
      return { ...heard, step: { ...step, status: { ...step.status, place, ahead, wait, odds, room } } };
    }
    case 'room': {
      if ((step.at !== 'waiting' && step.at !== 'joining') || step.status === null) return heard;
      const { room, lanes, mayComeBack, asOfMs } = message;
      return {
        ...heard,
        step: { at: 'waiting', status: { ...step.status, room, lanes, mayComeBack, asOfMs } },
      };
    }
    case 'problem':
    case 'reconnect':
      return { ...heard, pollAtMs: world.nowMs };
  }
}

function network(fan: Fan, online: boolean, world: World): Fan {
  const next = { ...fan, online };
  if (!online) return next;
  return { ...again(next), pollAtMs: world.nowMs, eventAtMs: world.nowMs, roomAtMs: world.nowMs };
}

/** What was said of closed doors is now said by the room itself. */
function roomRead(fan: Fan, room: Fan['room']): Fan {
  const refusal = fan.step.at === 'event' && fan.refusal?.code === 'roomClosed' ? null : fan.refusal;
  return { ...fan, room, refusal };
}

/** The event is there: trouble that was only about reading it is over. */
function eventRead(fan: Fan, event: Fan['event']): Fan {
  return { ...fan, event, trouble: fan.request === null ? null : fan.trouble };
}
