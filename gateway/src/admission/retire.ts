import { Refusal } from '@onsale/shared/errors';
import type { Room } from '@onsale/shared/http/internal';
import type { RehearsalState } from '@onsale/shared/http/rehearsals';
import { limits } from '@onsale/shared/limits';
import type { CoreClient } from '../core-client.ts';
import type { Line } from '../line/line.ts';

export interface RetireParts {
  readonly line: Line;
  readonly core: Pick<CoreClient, 'rehearsal'>;
}

/**
 * Takes away what Redis has of rehearsals that are over: first their doors are shut for limits.rehearsalEndedKeptMs, so that who
 * is there still is told so, then everything goes. A room that the core does not list may also be newer than the list, or no room
 * of this core at all: the core is asked about each, and only what it says has ended is touched. Killed anywhere, the next round
 * of any worker goes on; two at once do the same. The schedule of its ticks ends with the first tick that does not find the room.
 */
export async function retireEnded({ line, core }: RetireParts, listed: readonly Room[]): Promise<void> {
  const going = new Set(listed.map(({ eventId }) => eventId));
  for (const eventId of await line.rooms()) {
    if (going.has(eventId)) continue;
    const { room, endedAtMs } = (await rehearsalOf(core, eventId)) ?? {};
    if (room === undefined || endedAtMs == null) continue;
    if ((await line.nowMs()) < endedAtMs + limits.rehearsalEndedKeptMs) await line.putRoom(room);
    else await line.remove(eventId);
  }
}

/** Undefined when the core knows no such rehearsal: then it is nobody's here to take away. */
async function rehearsalOf(core: RetireParts['core'], eventId: string): Promise<RehearsalState | undefined> {
  try {
    return await core.rehearsal(eventId);
  } catch (fault) {
    const isNone =
      fault instanceof Refusal && (fault.code === 'eventUnknown' || fault.code === 'notARehearsal');
    if (!isNone) throw fault;
    return undefined;
  }
}
