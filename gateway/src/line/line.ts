import { Refusal } from '@onsale/shared/errors';
import type { AdmissionReason, Batch } from '@onsale/shared/http/internal';
import { type KnownTurn, Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { keysOf, type LineKeys, roomsKey } from '@onsale/shared/redis-keys';
import { Snapshot } from '@onsale/shared/snapshot';
import type { Redis } from 'ioredis';
import { Gathered } from './gathered.ts';
import { type Join, type JoinAnswer, joinAnswerOf } from './joined.ts';
import { type Look, lookOf } from './look.ts';
import { type Known, type NewsAnswer, newsOf } from './news.ts';
import { type Remembered, wordsOf } from './remembered.ts';
import { type RunScript, scriptsOn } from './scripts.ts';
import { HEAD_BYTES, type LastTick, lastTickOf, snapshotText } from './snapshot-text.ts';
import { type Shopping, type Standing, standingOf } from './standing.ts';
import { type Taken, takenOf } from './taken.ts';

/** What a client is told until somebody has begun to heal a lost line. */
const lineLost = { detail: 'The line is being put together again', retryAfterMs: limits.roomsReadEveryMs };

/** How much of a lane's front has its presence kept, as the scripts take it. */
const presence = [limits.presencePlaces, limits.presenceSpanMs] as const;

export interface ClaimAnswer {
  /** `over`: the turn is not the place's, was never recorded, or has ended. */
  outcome: 'claimed' | 'otherDevice' | 'lapsed' | 'over';
  /** Of `claimed`. */
  shopping?: Shopping;
}

/**
 * The line of every event, in Redis. What a method does to one room is one atomic script, or one command; the clock is Redis's. Redis away
 * is ioredis's error, not a Refusal: the caller says what it means.
 */
export class Line {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #run: RunScript;
  readonly #standings = new Gathered<string, Standing | undefined>(
    (eventId, places) => this.standings(eventId, places),
    { most: limits.gatheredMax, paced: true },
  );
  readonly #joins = new Gathered<Join, JoinAnswer>((eventId, joins) => this.joinAll(eventId, joins), {
    most: limits.joinsPerScript,
  });
  readonly #keysKept = new Map<string, LineKeys>();

  #keys(eventId: string): LineKeys {
    let keys = this.#keysKept.get(eventId);
    if (keys !== undefined) return keys;
    keys = keysOf(this.#prefix, eventId);
    if (this.#keysKept.size >= limits.eventsKeptMax) this.#keysKept.clear();
    this.#keysKept.set(eventId, keys);
    return keys;
  }

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#run = scriptsOn(redis);
  }

  /**
   * Takes a place once. The copy of the room must be here: after `unknownRoom` put it (`putRoom`) and ask again. Joins of one
   * moment are judged by one call, in the order in which they came.
   */
  join(eventId: string, place: string, { lane, drawn }: Omit<Join, 'place'> = {}): Promise<JoinAnswer> {
    return this.#joins.of(eventId, { place, lane, drawn });
  }

  /** As `join`, of many that are here already: in this order, at most limits.joinsPerScript of them by one call. */
  async joinAll(eventId: string, joins: readonly Join[]): Promise<JoinAnswer[]> {
    const keys = this.#keys(eventId);
    const calls: Promise<string[]>[] = [];
    for (let at = 0; at < joins.length; at += limits.joinsPerScript) {
      const words: (string | number)[] = [limits.turnsMax, ...presence];
      for (const { place, lane = 'general', drawn = '' } of joins.slice(at, at + limits.joinsPerScript)) {
        words.push(place, lane, drawn);
      }
      calls.push(this.#run('join', keys, words));
    }
    return (await Promise.all(calls)).flat().map(joinAnswerOf);
  }

  /** Undefined is a place that never joined, or left the line before its first turn. */
  standing(eventId: string, place: string): Promise<Standing | undefined> {
    return this.#standings.of(eventId, place);
  }

  /**
   * In the order asked for. Many places cost one call for each limits.standingsPerScript of them.
   * @throws Refusal unavailable when the line was lost and nobody has begun to heal it
   */
  async standings(eventId: string, places: readonly string[]): Promise<(Standing | undefined)[]> {
    const keys = this.#keys(eventId);
    const calls: Promise<string[][]>[] = [];
    for (let at = 0; at < places.length; at += limits.standingsPerScript) {
      calls.push(this.#run('standing', keys, places.slice(at, at + limits.standingsPerScript)));
    }
    const answers = (await Promise.all(calls)).flat();
    if (answers.length < places.length) throw new Refusal('unavailable', lineLost);
    return answers.map(standingOf);
  }

  /**
   * Says which fans are there, near the front: whoever has not been seen for limits.presenceTtlMs when his turn comes is
   * passed over until he is seen again. Of a place that does not wait it changes nothing.
   * @returns how many of them had been passed over and are back
   */
  async seen(eventId: string, places: readonly string[]): Promise<number> {
    const keys = this.#keys(eventId);
    const calls: Promise<number>[] = [];
    for (let at = 0; at < places.length; at += limits.standingsPerScript) {
      const some = places.slice(at, at + limits.standingsPerScript);
      calls.push(this.#run('seen', keys, [...presence, ...some]));
    }
    return (await Promise.all(calls)).reduce((sum, back) => sum + back, 0);
  }

  /**
   * `left` gives up whatever the place has: its place in line, its offer, its session. `ordered` ends a turn that was
   * claimed, also one whose session ran out meanwhile, and touches nothing else. `removed`, by an operator, is as `left` and
   * for good; `revoked`, by an operator, ends the offer or session of one turn.
   * @returns whether there was something to give up
   */
  async leave(
    eventId: string,
    place: string,
    why: 'left' | 'ordered' | 'removed' | 'revoked',
    turn?: number,
  ): Promise<boolean> {
    return (await this.#run<number>('leave', this.#keys(eventId), [place, why, turn ?? ''])) === 1;
  }

  /**
   * Makes the offer of this turn a session; claiming again from the same device gives the same one.
   * @param device the one that claims and that the session belongs to; undefined: the fan's own
   * @param passUntilMs end of the claim window, by the pass: of a turn that a loss left to the core alone, only the pass tells it
   * @throws Refusal unavailable while the room's copy is not here: how long a session lives is not known then
   */
  async claim(
    eventId: string,
    place: string,
    turn: number,
    device?: string,
    passUntilMs = 0,
  ): Promise<ClaimAnswer> {
    const [outcome, ...where] = await this.#run<[ClaimAnswer['outcome'] | 'unknownRoom', ...string[]]>(
      'claim',
      this.#keys(eventId),
      [place, turn, device ?? '', passUntilMs],
    );
    if (outcome === 'unknownRoom') throw new Refusal('unavailable');
    return { outcome, ...(where.length === 0 ? {} : { shopping: standingOf(where) as Shopping }) };
  }

  /**
   * Gives the living session of this turn more time, once; asking again gives what was given.
   * @returns undefined when there is no such session
   * @throws Refusal unavailable while the room's copy is not here
   */
  async renew(eventId: string, place: string, turn: number): Promise<Shopping | undefined> {
    const [outcome, ...where] = await this.#run<['renewed' | 'over' | 'unknownRoom', ...string[]]>(
      'renew',
      this.#keys(eventId),
      [place, turn, limits.sessionRenewalPercent, limits.sessionRenewalMaxMs],
    );
    if (outcome === 'unknownRoom') throw new Refusal('unavailable');
    return outcome === 'over' ? undefined : (standingOf(where) as Shopping);
  }

  /** The shopper has taken tickets: what is free is not kept for him any more. */
  async took(eventId: string, place: string): Promise<void> {
    await this.#redis.zrem(this.#keys(eventId).fresh, place);
  }

  /**
   * Whether the session of this token counts. While Redis does not know its turn, or knows of it from the core alone, the token
   * decides, and the line learns of it what it lost.
   */
  async sessionCounts(
    eventId: string,
    {
      place,
      turn,
      expiresAtMs,
      device,
    }: { place: string; turn: number; expiresAtMs: number; device?: string | undefined },
  ): Promise<boolean> {
    const args = [place, turn, expiresAtMs, device ?? ''];
    return (await this.#run<number>('session', this.#keys(eventId), args)) === 1;
  }

  async room(eventId: string): Promise<Room | undefined> {
    const text = await this.#redis.get(this.#keys(eventId).room);
    return text === null ? undefined : Room.parse(JSON.parse(text));
  }

  /** Keeps the copy unless the one here is of the same version or a later one. */
  async putRoom(room: Room): Promise<void> {
    await this.#redis.sadd(roomsKey(this.#prefix), room.eventId);
    // These come first: a join reads them without the rest (lua/includes/policy.lua).
    const { open, paused, ratePerMinute, capacity, opensAtMs, endsAtMs, ...rest } = room;
    const text = JSON.stringify({ open, paused, ratePerMinute, capacity, opensAtMs, endsAtMs, ...rest });
    await this.#run('room', this.#keys(room.eventId), [text, room.version]);
  }

  async snapshot(eventId: string): Promise<Snapshot | undefined> {
    const text = await this.#redis.get(this.#keys(eventId).snapshot);
    return text === null ? undefined : Snapshot.parse(JSON.parse(text));
  }

  /** What is known of a room, with what is new since `before`: one command, and a small answer while nothing is. */
  async news(eventId: string, before: Known | undefined): Promise<Known> {
    const answer = await this.#run<NewsAnswer>('news', this.#keys(eventId), [
      before?.snapshot?.seq ?? '',
      before?.samples?.seq ?? '',
    ]);
    return newsOf(answer, before);
  }

  /** The last tick of each room here, without reading the snapshots whole. Undefined: it has left none. */
  async lastTicks(): Promise<ReadonlyMap<string, LastTick | undefined>> {
    const events = await this.rooms();
    // One round trip, however many there are: this is asked ten times a second.
    const heads = this.#redis.pipeline();
    for (const event of events) heads.getrange(this.#keys(event).snapshot, 0, HEAD_BYTES - 1);
    const answers = (await heads.exec())!;
    return new Map(
      answers.map(([fault, head], at) => {
        if (fault !== null) throw fault;
        return [events[at]!, lastTickOf(head as string)];
      }),
    );
  }

  /** Events that have a room here. */
  async rooms(): Promise<string[]> {
    return this.#redis.smembers(roomsKey(this.#prefix));
  }

  /** Takes all that Redis has of a room away; it is told of again only when somebody puts it. Saying so again changes nothing. */
  async remove(eventId: string): Promise<void> {
    await this.#redis.unlink(...Object.values(this.#keys(eventId)));
    await this.#redis.srem(roomsKey(this.#prefix), eventId);
  }

  /** Redis's clock, epoch ms. */
  async nowMs(): Promise<number> {
    const [seconds, micros] = await this.#redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }

  /** One moment of the room: its policy, its counts and, with `shape`, the orders a snapshot is made of. Undefined without a room. */
  async look(eventId: string, { shape }: { shape: boolean }): Promise<Look | undefined> {
    const answer = await this.#run<Parameters<typeof lookOf>[0]>('look', this.#keys(eventId), [
      shape ? limits.snapshotFrontPlaces : 0,
      limits.snapshotSamples,
      limits.freshShopperMs,
      limits.snapshotStepPlaces,
      limits.snapshotStepPerMille,
      ...presence,
      limits.samplesEveryMs,
      limits.samplesLeftMax,
      limits.samplesPassedMax,
    ]);
    return lookOf(answer);
  }

  /**
   * Moves the next places out of the line into the batch, at most `wish` and what slots and rate allow; while a batch
   * is there, takes nothing and gives that one. The worker that dies after this leaves a batch that any tick finishes.
   */
  async take(eventId: string, wish: number, reason: AdmissionReason): Promise<Taken> {
    const answer = await this.#run<string[]>('take', this.#keys(eventId), [
      wish,
      reason,
      limits.batchMaxPlaces,
      limits.rateCreditMs,
      limits.presenceTtlMs,
      limits.passedOverMax,
      ...presence,
      limits.freshShopperMs,
    ]);
    return takenOf(answer);
  }

  /**
   * Offers a batch that the core has recorded. Exactly one call does it; for any other it is `over`. A room that was
   * paused or closed meanwhile keeps its batch (`held`) and offers it afterwards.
   */
  async offer(eventId: string, { batch: number, takenAtMs }: Batch): Promise<'offered' | 'over' | 'held'> {
    return this.#run('offer', this.#keys(eventId), [number, takenAtMs, limits.rateCreditMs]);
  }

  /**
   * Begins a life of the room in this Redis, under the epoch that the core gave. Saying so again changes nothing.
   * @param healMs how long it gathers what was lost; 0 for a room that is new
   * @param after the row in its new epoch, and the order number (µs) behind which everyone stands who joins from now on
   */
  async revive(
    eventId: string,
    epoch: number,
    healMs: number,
    { room, floor = 0 }: { room?: Room; floor?: number } = {},
  ): Promise<void> {
    const row = room === undefined ? '' : JSON.stringify(room);
    await this.#run('revive', this.#keys(eventId), [epoch, healMs, floor, row]);
  }

  /**
   * Brings back what a loss took and others still know; what was known in the present epoch is left alone.
   * @returns the epoch of the line; undefined while nobody has begun to heal it: nothing was brought back
   */
  async restore(eventId: string, known: readonly Remembered[]): Promise<number | undefined> {
    const keys = this.#keys(eventId);
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < known.length; at += limits.standingsPerScript) {
      const words = known.slice(at, at + limits.standingsPerScript).flatMap(wordsOf);
      const [epoch] = await this.#run<[number, number]>('restore', keys, [...presence, ...words]);
      least = Math.min(least, epoch);
    }
    return least < 0 ? undefined : least;
  }

  /**
   * Writes down turns that the core knows and this Redis may not: who had one is not let in for it again.
   * @param epoch of the line that they are for
   * @param complete these are the last: from now on, and after the time to heal, fans may be admitted
   * @returns false when it is another life by now: they were not written down
   */
  async knowTurns(
    eventId: string,
    epoch: number,
    turns: readonly KnownTurn[],
    complete: boolean,
  ): Promise<boolean> {
    const keys = this.#keys(eventId);
    for (let at = 0; at < turns.length; at += limits.batchMaxPlaces) {
      const words = turns
        .slice(at, at + limits.batchMaxPlaces)
        .flatMap(({ place, turn, stage, offeredAtMs, claimByMs, untilMs }) => [
          place,
          turn,
          stage,
          offeredAtMs,
          claimByMs,
          untilMs,
        ]);
      if ((await this.#run<number>('turnsback', keys, [epoch, 0, ...words])) < 0) return false;
    }
    return !complete || (await this.#run<number>('turnsback', keys, [epoch, 1])) >= 0;
  }

  /**
   * Keeps the snapshot, and what the forecast is to remember, unless a later one is there.
   * @returns whether the room became quiet by it, or is not any more
   */
  async putSnapshot(eventId: string, snapshot: Snapshot, memory: string): Promise<boolean> {
    return (await this.#run<number>('snapshot', this.#keys(eventId), [snapshotText(snapshot), memory])) === 2;
  }
}
