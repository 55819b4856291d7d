import type { Event } from '@onsale/shared/http/events';
import type { PlaceStatus } from '@onsale/shared/http/line';
import type { PublicRoom } from '@onsale/shared/http/room';
import { call } from '../net/call.ts';
import { newKey } from '../net/key.ts';
import { type LineSocket, listen } from '../net/line-socket.ts';
import { bounds } from './bounds.ts';
import type { Answered, Command, Effect, Fan, Request } from './fan.ts';
import { takeInvitation } from './invitation.ts';
import { readKept } from './kept.ts';
import { advance, newFan } from './machine.ts';
import { send } from './send.ts';

export interface Flow {
  fan(): Fan;
  dispatch(command: Command): void;
  stop(): void;
}

const tickMs = 250;

/** The machine in this browser: its clock, storage, requests and socket. */
export function startFlow(eventId: string, onChange: () => void): Flow {
  const storageKey = `onsale:${eventId}`;
  let fan = newFan(Date.now());
  let socket: LineSocket | null = null;
  let stopped = false;
  let etag: string | null = null;

  function dispatch(command: Command): void {
    if (stopped) return;
    const before = fan;
    const next = advance(fan, command, { nowMs: Date.now(), roll: Math.random(), key: newKey() });
    fan = next.fan;
    for (const effect of next.effects) perform(effect);
    if (fan !== before) onChange();
  }

  function perform(effect: Effect): void {
    switch (effect.do) {
      case 'keep':
        store(storageKey, JSON.stringify(effect.kept));
        return;
      case 'send':
        void carry(effect.request);
        return;
      case 'listen':
        socket?.close();
        socket = listen(effect.placeToken, {
          message: (message) => dispatch({ type: 'pushed', message }),
          up: (up) => dispatch({ type: 'socket', up }),
        });
        return;
      case 'hangUp':
        socket?.close();
        socket = null;
        return;
      case 'poll':
        void poll(effect.placeToken);
        return;
      case 'readEvent':
        void readEvent();
        return;
      case 'readRoom':
        void readRoom();
        return;
    }
  }

  async function carry(request: Request): Promise<void> {
    const answer = await send(eventId, request);
    if (answer.outcome === 'lost') dispatch({ type: 'lost', request, lost: answer.lost });
    if (answer.outcome === 'refused') dispatch({ type: 'refused', request, problem: answer.problem });
    if (answer.outcome === 'answered') {
      const { value } = answer;
      dispatch({ type: 'answered', request, answer: { kind: request.kind, value } as Answered });
    }
  }

  async function poll(token: string): Promise<void> {
    // The ETag leaves out how old a status is: one that was old is asked for in full.
    const known = fan.ageMs > bounds.staleMs ? null : etag;
    const path = `/api/v1/events/${eventId}/line/me`;
    const answer = await call<PlaceStatus>('GET', path, { token, etag: known });
    if (answer.outcome === 'answered') {
      etag = answer.etag;
      dispatch({ type: 'polled', status: answer.value, retryAfterMs: answer.retryAfterMs });
    } else if (answer.outcome === 'same') {
      dispatch({ type: 'polled', status: null, retryAfterMs: answer.retryAfterMs });
    } else {
      const retryAfterMs = answer.outcome === 'lost' ? answer.lost.retryAfterMs : null;
      dispatch({ type: 'pollLost', retryAfterMs });
    }
  }

  async function readEvent(): Promise<void> {
    const answer = await call<Event>('GET', `/api/v1/events/${eventId}`);
    if (answer.outcome === 'answered') dispatch({ type: 'eventRead', event: answer.value });
    if (answer.outcome === 'refused') dispatch({ type: 'eventRefused', problem: answer.problem });
    if (answer.outcome === 'lost') dispatch({ type: 'eventLost', lost: answer.lost });
  }

  async function readRoom(): Promise<void> {
    const answer = await call<PublicRoom>('GET', `/api/v1/events/${eventId}/room`);
    if (answer.outcome === 'answered') dispatch({ type: 'roomRead', room: answer.value });
  }

  const network = (): void => {
    dispatch({ type: 'network', online: navigator.onLine });
    if (navigator.onLine) socket?.wake();
  };
  // Another tab of this browser went on: this one goes on from there when it is looked at again.
  let behind = false;
  const stored = (event: StorageEvent): void => {
    behind ||= event.key === storageKey;
  };
  const seen = (): void => {
    if (document.visibilityState !== 'visible') return;
    if (behind) dispatch({ type: 'start', kept: readKept(load(storageKey)) });
    behind = false;
    dispatch({ type: 'tick' });
  };
  addEventListener('online', network);
  addEventListener('offline', network);
  addEventListener('storage', stored);
  document.addEventListener('visibilitychange', seen);
  const ticking = setInterval(() => dispatch({ type: 'tick' }), tickMs);

  const kept = readKept(load(storageKey));
  const invitation = takeInvitation();
  dispatch({ type: 'start', kept: invitation === null ? kept : { ...kept, invitation } });
  if (!navigator.onLine) network();
  dispatch({ type: 'tick' });

  return {
    fan: () => fan,
    dispatch,
    stop: () => {
      stopped = true;
      clearInterval(ticking);
      socket?.close();
      removeEventListener('online', network);
      removeEventListener('offline', network);
      removeEventListener('storage', stored);
      document.removeEventListener('visibilitychange', seen);
    },
  };
}

/** Storage may be barred or full; the fan can still buy, only a reload would begin anew. */
function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do about it, and nothing depends on it.
  }
}

function load(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
