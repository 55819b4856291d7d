import { Refusal } from '@onsale/shared/errors';
import type { AdmissionReason, Batch } from '@onsale/shared/http/internal';
import { Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { keysOf, roomsKey } from '@onsale/shared/redis-keys';
import { Snapshot } from '@onsale/shared/snapshot';
import type { Redis } from 'ioredis';
import { type Look, lookOf } from './look.ts';
import { type RunScript, scriptsOn } from './scripts.ts';
import { type Standing, standingOf } from './standing.ts';
import { type Taken, takenOf } from './taken.ts';

export interface JoinAnswer {
  /** `there`: he has a place, an offer or a session already. `spent`: he was let in as often as an event allows. */
  outcome: 'new' | 'there' | 'spent' | 'closed' | 'unknownRoom';
  /** Exact. Absent when he is nowhere: the room is closed or not known here. */
  standing?: Standing;
  /** Nobody else waits and a slot is free: a tick right now would let him in. */
  mayWake: boolean;
}

export interface ClaimAnswer {
  /** `over`: the turn is not the place's, was never recorded, or has ended. */
  outcome: 'claimed' | 'lapsed' | 'over';
  sessionExpiresAtMs?: number;
}

/**
 * The line of every event, in Redis. Each method is one atomic script, or one command; the clock is Redis's. Redis away
 * is ioredis's error, not a Refusal: the caller says what it means.
 */
export class Line {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #run: RunScript;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#run = scriptsOn(redis);
  }

  /** Takes a place once. The copy of the room must be here: after `unknownRoom` put it (`putRoom`) and ask again. */
  async join(eventId: string, place: string): Promise<JoinAnswer> {
    const { line, last, offers, sessions, turns, batch, room } = keysOf(this.#prefix, eventId);
    const [outcome, wake, ...where] = await this.#run<[JoinAnswer['outcome'], string, ...string[]]>(
      'join',
      [line, last, offers, sessions, turns, batch, room],
      [place, limits.turnsMax],
    );
    const standing = standingOf(where);
    return { outcome, mayWake: wake === '1', ...(standing === undefined ? {} : { standing }) };
  }

  /** Undefined is a place that never joined, or left the line before its first turn. */
  async standing(eventId: string, place: string): Promise<Standing | undefined> {
    const [standing] = await this.standings(eventId, [place]);
    return standing;
  }

  /** In the order asked for. Many places cost one call for each limits.standingsPerScript of them. */
  async standings(eventId: string, places: readonly string[]): Promise<(Standing | undefined)[]> {
    const { line, offers, sessions, turns, batch } = keysOf(this.#prefix, eventId);
    const keys = [line, offers, sessions, turns, batch];
    const calls: Promise<string[][]>[] = [];
    for (let at = 0; at < places.length; at += limits.standingsPerScript) {
      calls.push(this.#run('standing', keys, places.slice(at, at + limits.standingsPerScript)));
    }
    return (await Promise.all(calls)).flat().map(standingOf);
  }

  /**
   * `left` gives up whatever the place has: its place in line, its offer, its session. `ordered` ends a turn that was
   * claimed, also one whose session ran out meanwhile, and touches nothing else.
   * @returns whether there was something to give up
   */
  async leave(eventId: string, place: string, why: 'left' | 'ordered'): Promise<boolean> {
    const { line, offers, sessions, turns, batch } = keysOf(this.#prefix, eventId);
    return (await this.#run<number>('leave', [line, offers, sessions, turns, batch], [place, why])) === 1;
  }

  /**
   * Makes the offer of this turn a session; claiming again gives the same one.
   * @throws Refusal unavailable while the room's copy is not here: how long a session lives is not known then
   */
  async claim(eventId: string, place: string, turn: number): Promise<ClaimAnswer> {
    const { offers, sessions, turns, room } = keysOf(this.#prefix, eventId);
    const [outcome, expiresAtMs] = await this.#run<[ClaimAnswer['outcome'] | 'unknownRoom', string?]>(
      'claim',
      [offers, sessions, turns, room],
      [place, turn],
    );
    if (outcome === 'unknownRoom') throw new Refusal('unavailable');
    return { outcome, ...(expiresAtMs === undefined ? {} : { sessionExpiresAtMs: Number(expiresAtMs) }) };
  }

  async sessionLives(eventId: string, place: string, turn: number): Promise<boolean> {
    const standing = await this.standing(eventId, place);
    return standing?.stage === 'shopping' && standing.turn === turn;
  }

  async room(eventId: string): Promise<Room | undefined> {
    const text = await this.#redis.get(keysOf(this.#prefix, eventId).room);
    return text === null ? undefined : Room.parse(JSON.parse(text));
  }

  /** Keeps the copy unless the one here is of the same version or a later one. */
  async putRoom(room: Room): Promise<void> {
    await this.#redis.sadd(roomsKey(this.#prefix), room.eventId);
    await this.#run('room', [keysOf(this.#prefix, room.eventId).room], [JSON.stringify(room), room.version]);
  }

  async snapshot(eventId: string): Promise<Snapshot | undefined> {
    const text = await this.#redis.get(keysOf(this.#prefix, eventId).snapshot);
    return text === null ? undefined : Snapshot.parse(JSON.parse(text));
  }

  /** When the last snapshot was taken, by Redis's clock, without reading it whole. */
  async snapshotAtMs(eventId: string): Promise<number | undefined> {
    const head = await this.#redis.getrange(keysOf(this.#prefix, eventId).snapshot, 0, 63);
    const atMs = /^{"seq":\d+,"atMs":(\d+),/.exec(head)?.[1];
    return atMs === undefined ? undefined : Number(atMs);
  }

  /** Events that have a room here. */
  async rooms(): Promise<string[]> {
    return this.#redis.smembers(roomsKey(this.#prefix));
  }

  /** Redis's clock, epoch ms. */
  async nowMs(): Promise<number> {
    const [seconds, micros] = await this.#redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }

  /** One moment of the room: its policy, its counts and, with `shape`, the orders a snapshot is made of. Undefined without a room. */
  async look(eventId: string, { shape }: { shape: boolean }): Promise<Look | undefined> {
    const { line, last, offers, sessions, batch, room, rate, flow } = keysOf(this.#prefix, eventId);
    const answer = await this.#run<Parameters<typeof lookOf>[0]>(
      'look',
      [line, last, offers, sessions, batch, room, rate, flow],
      [shape ? limits.snapshotFrontPlaces : 0, shape ? limits.snapshotSamples : 0, limits.freshShopperMs],
    );
    return lookOf(answer);
  }

  /**
   * Moves the next places out of the line into the batch, at most `wish` and what slots and rate allow; while a batch
   * is there, takes nothing and gives that one. The worker that dies after this leaves a batch that any tick finishes.
   */
  async take(eventId: string, wish: number, reason: AdmissionReason): Promise<Taken> {
    const { line, offers, sessions, turns, batch, room, rate } = keysOf(this.#prefix, eventId);
    const answer = await this.#run<string[]>(
      'take',
      [line, offers, sessions, turns, batch, room, rate],
      [wish, reason, limits.batchMaxPlaces, limits.rateCreditMs],
    );
    return takenOf(answer);
  }

  /**
   * Offers a batch that the core has recorded. Exactly one call does it; for any other it is `over`. A room that was
   * paused or closed meanwhile keeps its batch (`held`) and offers it afterwards.
   */
  async offer(eventId: string, { batch: number, takenAtMs }: Batch): Promise<'offered' | 'over' | 'held'> {
    const { offers, turns, batch, room, rate, flow } = keysOf(this.#prefix, eventId);
    return this.#run(
      'offer',
      [offers, turns, batch, room, rate, flow],
      [number, takenAtMs, limits.rateCreditMs],
    );
  }

  /** Keeps the snapshot unless a later one is there. */
  async putSnapshot(eventId: string, snapshot: Snapshot): Promise<void> {
    // These two come first: they are read without the rest.
    const { seq, atMs, ...rest } = snapshot;
    const text = JSON.stringify({ seq, atMs, ...rest });
    await this.#run('snapshot', [keysOf(this.#prefix, eventId).snapshot], [text, seq]);
  }
}
