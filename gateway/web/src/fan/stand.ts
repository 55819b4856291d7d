import type { PlaceStatus } from '@onsale/shared/http/line';
import { bounds } from './bounds.ts';
import type { Fan, StatusOf, World } from './fan.ts';
import { ask, endTurn, enterShop, goTo, heardServer, keep, keepSession } from './moves.ts';

/** What the line says of the fan, from whichever way it came: the answer to joining, a poll, or the push. */
export function stand(fan: Fan, status: PlaceStatus, world: World): Fan {
  const ageMs = Math.max(0, status.serverTimeMs - status.asOfMs);
  const heard = { ...heardServer(fan, status.serverTimeMs, world.nowMs), heardAtMs: world.nowMs, ageMs };
  switch (fan.step.at) {
    // An order has its own token and its own deadline; the line has no more say in it.
    case 'event':
    case 'paying':
    case 'tickets':
    case 'stopped':
      return heard;
    case 'shopping':
    case 'held':
      if (status.state === 'over') return over(heard, status);
      return status.state === 'shopping' && heard.kept.session !== null ? keepSession(heard, status) : heard;
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
      return enterShop(fan, status);
    case 'over':
      return over(fan, status);
  }
}

function wait(fan: Fan, told: StatusOf<'waiting'>, world: World): Fan {
  const status = notBehind(fan, told);
  const from = keep(fan, { firstAhead: Math.max(status.ahead ?? 0, fan.kept.firstAhead ?? 0) });
  if (fan.step.at === 'joining' && status.room.state === 'open') {
    const revealAtMs = fan.step.revealAtMs ?? world.nowMs + bounds.revealMs;
    if (world.nowMs < revealAtMs) return goTo(from, { at: 'joining', revealAtMs, status });
  }
  return goTo(from, { at: 'waiting', status });
}

/**
 * While the line is away a gateway tells what it knew last, which may be older than what another one told: the place that was
 * shown stands.
 */
function notBehind({ step }: Fan, told: StatusOf<'waiting'>): StatusOf<'waiting'> {
  if (told.room.away === undefined || step.at !== 'waiting' || step.status.lane !== told.lane) return told;
  const { place, ahead } = step.status;
  return place !== null && told.place !== null && told.place > place ? { ...told, place, ahead } : told;
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
    case 'removed':
    case 'revoked':
      return endTurn(fan, reason, mayJoinAgain);
    case 'left':
      return goTo(keep(fan, { session: null, picked: [], hold: null, extension: null, order: null }), {
        at: 'event',
        left: true,
      });
  }
}
