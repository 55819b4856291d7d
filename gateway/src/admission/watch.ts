import { setTimeout as delay } from 'node:timers/promises';
import type { TickJob } from '@onsale/shared/jobs';
import { limits } from '@onsale/shared/limits';
import type { Queue } from 'bullmq';
import type { CoreClient } from '../core-client.ts';
import type { Line } from '../line/line.ts';
import { heal } from './heal.ts';
import { scheduleTicks } from './queue.ts';
import { retireEnded } from './retire.ts';

export interface WatchParts {
  readonly line: Line;
  readonly core: Pick<CoreClient, 'rooms' | 'beginEpoch' | 'turns' | 'rehearsal'>;
  readonly queue: Queue<TickJob>;
  /** Told of every fault; the next round comes anyway. */
  readonly onFault: (error: unknown) => void;
  /** Told of every room that this Redis did not know, and its new epoch. */
  readonly onLost: (eventId: string, epoch: number) => void;
  /** Told of the rooms that there are, each round. */
  readonly onListed: (eventIds: readonly string[]) => void;
  /** Told of every scheduler that was made anew. */
  readonly onRecreated: (eventId: string) => void;
}

/**
 * Copies the core's rooms into Redis: new rooms, changes that nobody copied, and all of them after a loss, which heal. Those of
 * rehearsals that are over go.
 */
export async function copyRooms({
  line,
  core,
  onLost,
  onListed,
}: Pick<WatchParts, 'line' | 'core' | 'onLost' | 'onListed'>): Promise<void> {
  const rooms = await core.rooms();
  onListed(rooms.map(({ eventId }) => eventId));
  for (const room of rooms) {
    await line.putRoom(room);
    await heal({ line, core, onLost }, room);
  }
  await retireEnded({ line, core }, rooms);
}

/**
 * Makes the scheduler of each room whose snapshot is limits.silentTicks ticks older than its pace allows, by Redis's clock: a
 * room that is new, one whose scheduler was lost or has the wrong pace, or one whose tick died with its worker before it
 * made the next. Several workers may do so at once: BullMQ keeps one scheduler of an id, with one job to come.
 */
export async function wakeSilentRooms({ line, queue, onRecreated }: WatchParts): Promise<void> {
  const nowMs = await line.nowMs();
  for (const [event, last] of await line.lastTicks()) {
    const quiet = last?.quiet === true;
    const silentMs = limits.silentTicks * limits.tickMs + (quiet ? limits.quietTickMs : 0);
    if (last !== undefined && nowMs - last.atMs <= silentMs) continue;
    await scheduleTicks(queue, event, { quiet });
    onRecreated(event);
  }
}

/** Runs both for as long as the process lives. A core that hangs does not keep silent rooms from being woken. */
export function watch(parts: WatchParts): { stop(): void } {
  const ended = new AbortController();
  void forEver(() => copyRooms(parts), limits.roomsReadEveryMs, parts.onFault, ended.signal);
  void forEver(() => wakeSilentRooms(parts), limits.schedulerCheckMs, parts.onFault, ended.signal);
  return { stop: () => ended.abort() };
}

/** A round that is under way when all ends may fail, and nobody needs to know. */
async function forEver(
  round: () => Promise<void>,
  everyMs: number,
  onFault: (error: unknown) => void,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    await round().catch((error: unknown) => ended.aborted || onFault(error));
    await delay(everyMs, undefined, { signal: ended }).catch(() => {});
  }
}
