import type { Problem } from '@onsale/shared/errors';
import type { RoomPatch } from '@onsale/shared/http/internal';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useState } from 'preact/hooks';
import { call } from '../net/call.ts';
import { newKey } from '../net/key.ts';

/** A change from the press of the button to the worker's working by it. */
export type Change =
  | { readonly at: 'none' }
  | { readonly at: 'sending' }
  | { readonly at: 'saved'; readonly version: number }
  | { readonly at: 'holdSaved' }
  | { readonly at: 'refused'; readonly problem: Problem }
  | { readonly at: 'lost' };

/** Sends changes of one room, one at a time. Not repeated by itself: the operator sees what counts and decides. */
export function useChange(eventId: string, token: string, onChanged: () => void) {
  const [change, setChange] = useState<Change>({ at: 'none' });

  async function changeRoom(patch: RoomPatch): Promise<boolean> {
    setChange({ at: 'sending' });
    const path = `/api/v1/operator/rooms/${eventId}`;
    const answer = await call<OperatorRoom>('PATCH', path, { token, key: newKey(), body: patch });
    if (answer.outcome === 'answered') setChange({ at: 'saved', version: answer.value.policy.version });
    else setChange(failed(answer));
    onChanged();
    return answer.outcome === 'answered';
  }

  async function changeHoldTtl(holdTtlMs: number): Promise<boolean> {
    setChange({ at: 'sending' });
    const path = `/api/v1/operator/events/${eventId}`;
    const answer = await call<null>('PATCH', path, { token, key: newKey(), body: { holdTtlMs } });
    setChange(answer.outcome === 'answered' ? { at: 'holdSaved' } : failed(answer));
    return answer.outcome === 'answered';
  }

  return { change, changeRoom, changeHoldTtl };
}

const failed = (answer: { outcome: string; problem?: Problem }): Change =>
  answer.problem === undefined ? { at: 'lost' } : { at: 'refused', problem: answer.problem };
