import { Event } from '@onsale/shared/http/events';
import type { RoomPatch } from '@onsale/shared/http/internal';
import { OperatorRoom } from '@onsale/shared/http/operator';

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
  const room = OperatorRoom.parse(await (await ask(desk, 'GET', 'operator/rooms')).json());
  const event = Event.parse(await (await ask(desk, 'GET', 'events')).json());
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
  if (Object.keys(policy).length > 0) await ask(desk, 'PATCH', 'operator/rooms', policy);
  if (holdTtlMs !== undefined) await ask(desk, 'PATCH', 'operator/events', { holdTtlMs });
}

async function ask(
  { url, operatorToken, event }: Desk,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  const answer = await fetch(new URL(`/api/v1/${path}/${event}`, url), {
    method,
    headers: {
      authorization: `Bearer ${operatorToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (answer.ok) return answer;
  throw new Error(`${method} ${path}/${event}: ${answer.status} ${await answer.text()}`);
}
