import type { PlaceStatus } from '@onsale/shared/http/line';
import { bounds } from './bounds.ts';
import type { Fan, StatusOf, World } from './fan.ts';
import { ask, endTurn, enterShop, goTo, heardServer, keep } from './moves.ts';

/** What the line says of the fan, from whichever way it came: the answer to joining, a poll, or the push. */
export function stand(fan: Fan, status: PlaceStatus, world: World): Fan {
  const heard = { ...heardServer(fan, status.serverTimeMs, world.nowMs), heardAtMs: world.nowMs };
  switch (fan.step.at) {
    // An order has its own token and its own deadline; the line has no more say in it.
    case 'event':
    case 'paying':
    case 'tickets':
    case 'stopped':
      return heard;
    case 'shopping':
    case 'held':
      return status.state === 'over' ? over(heard, status) : heard;
    default:
      return standInLine(heard, status, world);
  }
}

function standInLine(fan: Fan, status: PlaceStatus, world: World): Fan {
  switch (status.state) {
    case 'waiting':
      return wait(fan, status, world);
    case 'offered':
      return beOffered(fan, status);
    case 'shopping':
      return enterShop(fan, status.session, status.sessionExpiresAtMs);
    case 'over':
      return over(fan, status);
  }
}

function wait(fan: Fan, status: StatusOf<'waiting'>, world: World): Fan {
  const from = keep(fan, { firstAhead: Math.max(status.ahead, fan.kept.firstAhead ?? 0) });
  if (fan.step.at === 'joining' && status.room.state === 'open') {
    const revealAtMs = fan.step.revealAtMs ?? world.nowMs + bounds.revealMs;
    if (world.nowMs < revealAtMs) return goTo(from, { at: 'joining', revealAtMs, status });
  }
  return goTo(from, { at: 'waiting', status });
}

/** The fan who has just pressed the button and saw no queue is present: nothing is asked of him twice. */
function beOffered(fan: Fan, status: StatusOf<'offered'>): Fan {
  if (fan.request?.kind === 'claim') return fan;
  if (fan.step.at === 'joining') return ask(fan, { kind: 'claim', pass: status.pass });
  return goTo(fan, { at: 'offered', status });
}

function over(fan: Fan, { reason, mayJoinAgain }: StatusOf<'over'>): Fan {
  switch (reason) {
    case 'lapsed':
      return endTurn(fan, 'lapsed', mayJoinAgain);
    case 'expired':
      return endTurn(fan, 'sessionExpired', mayJoinAgain);
    case 'ordered':
      return endTurn(fan, 'ordered', mayJoinAgain);
    case 'left':
      return goTo(keep(fan, { session: null, hold: null, order: null }), { at: 'event', left: true });
  }
}
