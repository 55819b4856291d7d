import type { Lane } from '@onsale/shared/lanes';
import type { Standing } from '../line/standing.ts';
import { InOrder } from './in-order.ts';
import type { Watched } from './watched.ts';

/**
 * The sockets of one event, where a look finds those that it is about without going through all of them: by place, by lane
 * and order for who waits in a lane, and those whose standing has to be read again in time.
 */
export class Audience {
  readonly #byPlace = new Map<string, Watched[]>();
  readonly #timed = new Set<Watched>();
  readonly #lanes: Readonly<Record<Lane, InOrder>> = {
    general: new InOrder(),
    priority: new InOrder(),
    returning: new InOrder(),
  };
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(watched: Watched): void {
    const { place } = watched.fan;
    this.#byPlace.set(place, [...this.of(place), watched]);
    this.#size += 1;
    this.#put(watched);
  }

  remove(watched: Watched): void {
    const { place } = watched.fan;
    const others = this.of(place).filter((one) => one !== watched);
    if (others.length === this.of(place).length) return;
    if (others.length === 0) this.#byPlace.delete(place);
    else this.#byPlace.set(place, others);
    this.#size -= 1;
    this.#drop(watched);
  }

  of(place: string): readonly Watched[] {
    return this.#byPlace.get(place) ?? [];
  }

  /** Who waits in a lane, by order. */
  inLane(lane: Lane): readonly Watched[] {
    return this.#lanes[lane].all();
  }

  /** Whose standing is read again at a time: turns, and who was passed over. */
  timed(): Iterable<Watched> {
    return this.#timed;
  }

  *everyone(): Generator<Watched> {
    for (const ofPlace of this.#byPlace.values()) yield* ofPlace;
  }

  /** He stands elsewhere now. Of one who has gone meanwhile nothing is kept. */
  moved(watched: Watched, standing: Standing | undefined, readAtMs: number): void {
    const isHere = this.of(watched.fan.place).includes(watched);
    const stays =
      laneOf(watched.standing) === laneOf(standing) && orderIn(watched.standing) === orderIn(standing);
    if (isHere && !stays) this.#drop(watched);
    watched.standing = standing;
    watched.readAtMs = readAtMs;
    if (isHere && !stays) this.#put(watched);
    else if (isHere) this.#time(watched);
  }

  #put(watched: Watched): void {
    const lane = laneOf(watched.standing);
    if (lane !== undefined) this.#lanes[lane].add(watched);
    this.#time(watched);
  }

  #drop(watched: Watched): void {
    const lane = laneOf(watched.standing);
    if (lane !== undefined) this.#lanes[lane].remove(watched);
    this.#timed.delete(watched);
  }

  #time(watched: Watched): void {
    if (Number.isFinite(watched.readAtMs)) this.#timed.add(watched);
    else this.#timed.delete(watched);
  }
}

/** The lane a snapshot tells of: none of who was passed over, has his turn, or is nowhere. */
const laneOf = (standing: Standing | undefined): Lane | undefined =>
  standing?.stage === 'waiting' && !standing.away ? standing.lane : undefined;
const orderIn = (standing: Standing | undefined): number | undefined =>
  standing?.stage === 'waiting' ? standing.order : undefined;
