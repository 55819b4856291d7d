import { clearTimeout, setTimeout } from 'k6/timers';
import { Shown } from '../../crowd/shown.ts';
import type { PlaceStatus, Problem, RoomView, ServerMessage } from './contract.ts';
import type { Fan } from './fan.ts';
import { keptSocket } from './kept-socket.ts';
import { faults, pushStaleness } from './metrics.ts';

/** What ends a fan's waiting. `forgotten`: the line does not know the place. `wronged`: refused as no document allows. */
export type Told =
  | Exclude<PlaceStatus, { state: 'waiting' }>
  | { readonly state: 'soldOut' | 'forgotten' | 'outOfPatience' | 'unanswered' }
  | { readonly state: 'wronged'; readonly why: string };

/** Whether a status ends the waiting, and as what. */
function toldBy(status: PlaceStatus): Told | undefined {
  if (status.state !== 'waiting') return status;
  return soldOutBy(status.room);
}

const soldOutBy = (room: RoomView): Told | undefined =>
  room.state === 'soldOut' ? { state: 'soldOut' } : undefined;

/**
 * Waits with a socket, as the page does, until told something final. A lost connection is made again, with back-off and
 * jitter, and begins with the exact status.
 * @param patienceMs after which he goes, if he does at all before `fan.untilMs`.
 */
export function waitForTurnOf(
  fan: Fan,
  placeToken: string,
  status: PlaceStatus,
  patienceMs?: number,
): Promise<Told> {
  const at = toldBy(status);
  if (at !== undefined) return Promise.resolve(at);
  const shown = new Shown((fault) => faults.add(1, { fault }));
  if (status.state === 'waiting' && status.place !== null) shown.exact(status.place, shown.asking());

  return new Promise((resolve) => {
    const finish = (told: Told): void => {
      for (const timer of timers) clearTimeout(timer);
      socket.close();
      resolve(told);
    };
    const timers = [
      setTimeout(() => finish({ state: 'unanswered' }), Math.max(0, fan.untilMs - Date.now())),
      ...(patienceMs === undefined ? [] : [setTimeout(() => finish({ state: 'outOfPatience' }), patienceMs)]),
    ];
    const heed = (message: ServerMessage): Told | undefined => {
      switch (message.type) {
        case 'status':
          heardOf(fan, message.status);
          if (message.status.state === 'waiting' && message.status.place !== null)
            shown.connected(message.status.place);
          return toldBy(message.status);
        case 'place':
          shown.pushed(message.place);
          return undefined;
        case 'room':
          return soldOutBy(message.room);
        case 'reconnect':
          socket.comeBack(message.afterMs * (1 + fan.random()));
          return undefined;
        case 'problem':
          return refusedBy(message.problem);
      }
    };
    const socket = keptSocket(fan, placeToken, {
      onMessage(message) {
        const told = heed(message);
        if (told !== undefined) finish(told);
      },
      onRefused: (code) =>
        finish(
          code === 'placeUnknown'
            ? { state: 'forgotten' }
            : { state: 'wronged', why: `the socket was refused with ${code}` },
        ),
    });
  });
}

/** A problem that is told to who is connected already. */
function refusedBy({ code }: Problem): Told | undefined {
  if (code === 'placeUnknown') return { state: 'forgotten' };
  faults.add(1, { fault: `socket: ${code}` });
  return undefined;
}

function heardOf({ measured }: Fan, { asOfMs }: PlaceStatus): void {
  const ageMs = Math.max(0, Date.now() - asOfMs);
  pushStaleness.add(ageMs);
  measured('push', ageMs);
}
