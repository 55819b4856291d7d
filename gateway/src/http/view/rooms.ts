import type { Clock } from '@onsale/shared/clock';
import { Refusal } from '@onsale/shared/errors';
import type { Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import type { Snapshot } from '@onsale/shared/snapshot';
import type { Line } from '../../line/line.ts';
import { orUnavailable } from './away.ts';
import { Kept } from './kept.ts';

/** A room as one gateway sees it: the policy in force, and what the last tick left; undefined before the first. */
export interface RoomNow {
  readonly room: Room;
  readonly snapshot: Snapshot | undefined;
}

/** Every room, read from Redis at most once per limits.snapshotPollMs whatever the number of fans who ask. */
export class Rooms {
  readonly #kept = new Kept<RoomNow>({
    maxAgeMs: limits.snapshotPollMs,
    maxEntries: limits.eventsKeptMax,
  });
  readonly #line: Line;
  readonly #roomOfCore: (eventId: string) => Promise<Room>;
  readonly #clock: Clock;

  /** @param roomOfCore the row itself, asked for when Redis has no copy; @throws Refusal eventUnknown */
  constructor(line: Line, roomOfCore: (eventId: string) => Promise<Room>, clock: Clock) {
    this.#line = line;
    this.#roomOfCore = roomOfCore;
    this.#clock = clock;
  }

  /** @throws Refusal eventUnknown, unavailable */
  now(eventId: string): Promise<RoomNow> {
    return this.#kept.get(eventId, this.#clock(), () => this.#read(eventId));
  }

  /** As `now`, but read now: for the one who looks on behalf of all sockets. Others share what it reads. */
  anew(eventId: string): Promise<RoomNow> {
    this.forget(eventId);
    return this.now(eventId);
  }

  /** The next reader reads anew: the policy has just been changed. */
  forget(eventId: string): void {
    this.#kept.forget(eventId);
  }

  /** Puts a copy of the row where the scripts find it. @throws Refusal eventUnknown, unavailable */
  async fetch(eventId: string): Promise<Room> {
    const room = await this.#roomOfCore(eventId);
    await orUnavailable(this.#line.putRoom(room));
    this.forget(eventId);
    return room;
  }

  async #read(eventId: string): Promise<RoomNow> {
    const [room, snapshot] = await orUnavailable(
      Promise.all([this.#line.room(eventId), this.#line.snapshot(eventId)]),
    );
    if (room !== undefined) return { room, snapshot };
    return { room: await this.fetch(eventId), snapshot };
  }
}

/** The exact standing, or why there is none. @throws Refusal placeUnknown, unavailable */
export async function standingAt(line: Line, eventId: string, place: string) {
  const standing = await orUnavailable(line.standing(eventId, place));
  if (standing === undefined) throw new Refusal('placeUnknown');
  return standing;
}
