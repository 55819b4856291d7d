import { type Call, clientOver, overFetch } from '@onsale/shared/client';
import { getEvent } from '@onsale/shared/http/events';
import type { RoomPatch } from '@onsale/shared/http/internal';
import { getOperatorRoom, patchOperatorEvent, patchOperatorRoom } from '@onsale/shared/http/operator';
import { bounds } from './bounds.ts';

export interface Desk {
  readonly url: string;
  readonly operatorToken: string;
  readonly event: string;
}

export interface Wishes {
  readonly policy: RoomPatch;
  readonly holdTtlMs?: number | undefined;
}

/**
 * Changes the room and the hold time as an operator does, for as long as the work takes, and puts back what was there,
 * also when the work fails. @throws when the sale refuses.
 */
export async function withPolicy<T>(desk: Desk, wishes: Wishes, work: () => Promise<T>): Promise<T> {
  const { call, params, token } = at(desk);
  const { body: room } = await call(getOperatorRoom, { params, token });
  const { body: event } = await call(getEvent, { params });
  await wish(desk, wishes);
  try {
    return await work();
  } finally {
    const { policy } = wishes;
    const was = Object.fromEntries(
      Object.keys(policy).map((name) => [name, room.policy[name as keyof RoomPatch]]),
    );
    await wish(desk, { policy: was, holdTtlMs: wishes.holdTtlMs && event.holdTtlMs });
  }
}

/** Sets what is wished. @throws when the sale refuses. */
export async function wish(desk: Desk, { policy, holdTtlMs }: Wishes): Promise<void> {
  const { call, params, token } = at(desk);
  if (Object.keys(policy).length > 0) await call(patchOperatorRoom, { params, token, body: policy });
  if (holdTtlMs !== undefined) await call(patchOperatorEvent, { params, token, body: { holdTtlMs } });
}

const at = ({
  url,
  operatorToken,
  event,
}: Desk): { call: Call; params: { eventId: string }; token: string } => ({
  call: clientOver(overFetch(fetch, { origin: new URL(url).origin, timeoutMs: bounds.requestTimeoutMs })),
  params: { eventId: event },
  token: operatorToken,
});
