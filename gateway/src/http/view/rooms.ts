import type { Clock } from '@onsale/shared/clock';
import { Refusal } from '@onsale/shared/errors';
import type { Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import type { Samples, Snapshot } from '@onsale/shared/snapshot';
import type { Line } from '../../line/line.ts';
import type { Known } from '../../line/news.ts';
import type { Standing } from '../../line/standing.ts';
import { orUnavailable } from './away.ts';
import { Kept } from './kept.ts';

/** A room as one gateway sees it: the policy in force, and what the last tick left; undefined before the first. */
export interface RoomNow {
  readonly room: Room;
  readonly snapshot: Snapshot | undefined;
  /** What places behind the fronts are derived from; undefined while they are not here. */
  readonly samples?: Samples | undefined;
  /** The line did not answer: this is what was last known of it, and the policy as the core has it. */
  readonly away?: boolean;
}

/** Every room, read from Redis at most once per limits.snapshotPollMs whatever the number of fans who ask. */
export class Rooms {
  readonly #kept = new Kept<RoomNow>({
    maxAgeMs: limits.snapshotPollMs,
    maxEntries: limits.eventsKeptMax,
  });
  /** As last read: only what is new since then is read again. */
  readonly #known = new Map<string, Known>();
  /** Policies as they were last known, from wherever: while Redis is away they go on. */
  readonly #policies = new Map<string, Room>();
  readonly #asked = new Kept<Room>({ maxAgeMs: limits.roomsReadEveryMs, maxEntries: limits.eventsKeptMax });
  readonly #line: Line;
  readonly #roomOfCore: (eventId: string) => Promise<Room>;
  readonly #clock: Clock;

  /** @param roomOfCore the row itself, asked for when Redis has no copy; @throws Refusal eventUnknown */
  constructor(line: Line, roomOfCore: (eventId: string) => Promise<Room>, clock: Clock) {
    this.#line = line;
    this.#roomOfCore = roomOfCore;
    this.#clock = clock;
  }

  /**
   * While Redis is away, what was last known (`away`).
   * @throws Refusal eventUnknown; unavailable when nothing was
   */
  now(eventId: string): Promise<RoomNow> {
    return this.#kept.get(eventId, this.#clock(), async () => {
      try {
        return await this.#read(eventId);
      } catch (fault) {
        if (!(fault instanceof Refusal) || fault.code !== 'unavailable') throw fault;
        return this.#lastKnown(eventId);
      }
    });
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
    const known = await orUnavailable(this.#line.news(eventId, this.#known.get(eventId)));
    this.#known.delete(eventId);
    this.#known.set(eventId, known);
    if (this.#known.size > limits.eventsKeptMax) this.#known.delete(this.#known.keys().next().value!);
    const { snapshot, samples } = known;
    const room = known.room ?? (await this.fetch(eventId));
    this.#learn(room);
    return { room, snapshot, samples };
  }

  /** A core that hangs keeps nobody waiting for a policy that is known. */
  async #lastKnown(eventId: string): Promise<RoomNow> {
    const asked = this.#asked.get(eventId, this.#clock(), () => this.#roomOfCore(eventId));
    const learned = asked.then((room) => this.#learn(room));
    const policy = this.#policies.get(eventId);
    if (policy === undefined) await learned;
    else learned.catch(() => {});
    const { snapshot, samples } = this.#known.get(eventId) ?? {};
    return { room: this.#policies.get(eventId)!, snapshot, samples, away: true };
  }

  #learn(room: Room): void {
    const { eventId } = room;
    if ((this.#policies.get(eventId)?.version ?? 0) > room.version) return;
    this.#policies.delete(eventId);
    this.#policies.set(eventId, room);
    if (this.#policies.size > limits.eventsKeptMax) {
      this.#policies.delete(this.#policies.keys().next().value!);
    }
  }
}

/** Whether the line wants to know that this fan is there: in a fast room from further behind, as the scripts have it. */
export const isNearFront = (standing: Standing, { ratePerMinute }: Pick<Room, 'ratePerMinute'>): boolean =>
  standing.stage === 'waiting' &&
  (standing.away ||
    standing.place <= Math.max(limits.presencePlaces, (ratePerMinute * limits.presenceSpanMs) / 60_000));
