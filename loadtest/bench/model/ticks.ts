import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Redis } from 'ioredis';
import { Line } from '../../../gateway/src/line/line.ts';
import type { Context } from '../bench.ts';
import { cpuMsOf } from '../push/commands.ts';
import { type LongLine, seedLine } from '../push/line-of.ts';
import { type Cost, costOf } from './cost.ts';
import { bySamples, inProportion, type Sizes } from './law.ts';
import { each, inThree } from './three.ts';

const PREFIX = 'model-ticks';
interface Rounds {
  readonly rounds: number;
  /** Ticks of one round. */
  readonly ticks: number;
}
/** Two seconds of ticks: places behind the front are sampled once a second. */
const WAITING: Rounds = { rounds: 5, ticks: 10 };
/** Shorter and more of them: what disturbs the machine hits a round and not the figure. All who are let in are there (`allIn`). */
const ADMITTING: Rounds = { rounds: 10, ticks: 5 };
/** And what a tick finds of credit besides that of its own time, and the one before each round: in ticks. */
const BESIDES = 4;
const TICKS_PER_MINUTE = 60_000 / limits.tickMs;
/** A fan with each tick. */
const SLOW_RATE_PER_MINUTE = TICKS_PER_MINUTE;
const POLLS = 2_000;

export interface TickCosts {
  /** CPU of Redis, ms a tick, by how many wait. */
  readonly byWaiting: Cost;
  /** CPU of Redis and the worker, ms a tick, by how many it lets in. The core is not there and says yes. */
  readonly byAdmitted: Cost;
  /** CPU of Redis each time a gateway asks what is new, µs. */
  readonly pollMicros: number;
}

export async function tickCosts(context: Context, redis: Redis, ring: Keyring): Promise<TickCosts> {
  const waiting: Sizes = [5_000, 100_000, 1_000_000];
  const longs = new Map<number, LongLine>();
  for (const places of waiting) {
    const eventId = `waiting-${places}`;
    longs.set(
      places,
      await seedLine(redis, PREFIX, ring, {
        eventId,
        places,
        ratePerMinute: SLOW_RATE_PER_MINUTE,
        presentPlaces: allIn(1, WAITING),
      }),
    );
  }
  const byWaiting = await inThree(waiting, WAITING.rounds, (places) =>
    ticked(redis, longs.get(places)!, WAITING),
  );

  const admitted: Sizes = [20, 80, 180];
  const wides = new Map<number, LongLine>();
  for (const perTick of admitted) {
    const eventId = `admitting-${perTick}`;
    wides.set(
      perTick,
      await seedLine(redis, PREFIX, ring, {
        eventId,
        places: 100_000,
        ratePerMinute: perTick * TICKS_PER_MINUTE,
        presentPlaces: allIn(perTick, ADMITTING),
      }),
    );
  }
  const byAdmitted = await inThree(admitted, ADMITTING.rounds, (perTick) =>
    ticked(redis, wides.get(perTick)!, ADMITTING),
  );
  const pollMicros = await pollCost(redis, longs.get(waiting[1])!);
  context.say(`ticks · measured; ${pollMicros.toFixed(1)} µs of Redis to ask what is new`);
  return {
    byWaiting: costOf({
      id: 'tick-waiting',
      what: 'CPU of Redis for a tick',
      unit: 'ms',
      counts: 'waiting',
      law: bySamples,
      sizes: waiting,
      values: each(byWaiting, (told) => told.redisMs),
    }),
    byAdmitted: costOf({
      id: 'tick-admitting',
      what: 'CPU of Redis and the worker for a tick',
      unit: 'ms',
      counts: 'let in by it',
      law: inProportion,
      sizes: admitted,
      values: each(byAdmitted, (told) => told.redisMs + told.workerMs),
    }),
    pollMicros,
  };
}

/**
 * How many are let in by all rounds: as many have to be there, or the ticks would pass over who is not, thousands at a time.
 * Redis keeps the presence of no more than four fronts.
 */
function allIn(perTick: number, { rounds, ticks }: Rounds): number {
  const fans = perTick * (rounds + 2) * (ticks + BESIDES);
  if (fans > 4 * limits.presencePlaces) throw new RangeError(`${fans} fans cannot all be there`);
  return fans;
}

/** The mean of some ticks in their time; this process is the worker. */
async function ticked(
  redis: Redis,
  line: LongLine,
  { ticks }: Rounds,
): Promise<{ redisMs: number; workerMs: number }> {
  // What a room was silent for is no part of it.
  await line.tick();
  let workerMs = 0;
  const redisMs = await cpuMsOf(redis, async () => {
    const began = performance.now();
    const before = process.cpuUsage();
    for (let tick = 1; tick <= ticks; tick += 1) {
      await delay(Math.max(0, tick * limits.tickMs - (performance.now() - began)));
      await line.tick();
    }
    const { user, system } = process.cpuUsage(before);
    workerMs = (user + system) / 1_000;
  });
  return { redisMs: redisMs / ticks, workerMs: workerMs / ticks };
}

/** What a gateway asks of a room ten times a second, while nothing is new. */
async function pollCost(redis: Redis, { eventId }: LongLine): Promise<number> {
  const line = new Line(redis, PREFIX);
  const known = await line.news(eventId, undefined);
  const ms = await cpuMsOf(redis, async () => {
    for (let poll = 0; poll < POLLS; poll += 1) await line.news(eventId, known);
  });
  return (ms * 1_000) / POLLS;
}
