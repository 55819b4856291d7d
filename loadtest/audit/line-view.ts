import { readFileSync } from 'node:fs';
import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';

const apart = readFileSync(new URL('./lua/apart-8.lua', import.meta.url), 'utf8');

/** The last admission of one place, as `:turns` keeps it. */
export interface Turn {
  readonly turn: number;
  readonly stage: string;
}

/** Rows of a kind that a look names, at most: the rest of a line that is so broken is not counted. */
const TOLD_MAX = 1_000;
/** Places asked about by one command. */
const ASKED_MAX = 1_000;

/**
 * One event's line as Redis held it in one moment, but for the lanes: they may hold ten million, so what an audit wants to know
 * of them is asked, and not read. Scores are numbers: they stay below 2^53.
 */
export interface LineView {
  readonly nowMs: number;
  /** Who stands in a lane, and in another one or beside the lanes too. */
  readonly twice: readonly { readonly place: string; readonly lane: string; readonly elsewhere: string }[];
  /** Who stands in a lane behind the last order number given, though his own was not drawn. */
  readonly beyondLast: readonly { readonly place: string; readonly order: number }[];
  /** Who was passed over. Place → order. And those of them who are back. */
  readonly passedOver: ReadonlyMap<string, number>;
  readonly back: readonly string[];
  readonly lastOrder: number;
  /** Place → end of its claim window, epoch ms. */
  readonly offers: ReadonlyMap<string, number>;
  /** Place → end of its session, epoch ms. */
  readonly sessions: ReadonlyMap<string, number>;
  readonly turns: ReadonlyMap<string, Turn>;
  /** Places of the batch that is not recorded yet. */
  readonly batch: readonly string[];
  /** Which of these stand in a lane, asked now, or had been passed over in the moment of the view. */
  waiting(places: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Reads all but the lanes in one transaction of Redis. @throws when Redis is away or refuses. */
export async function readLine(redis: Redis, prefix: string, event: string): Promise<LineView> {
  const keys = keysOf(prefix, event);
  const { general, priority, returning } = keys;
  const answers = await redis
    .multi()
    .eval(
      apart,
      8,
      ...[general, priority, returning, keys.away, keys.batch, keys.offers, keys.sessions, keys.last],
      TOLD_MAX,
    )
    .hgetall(keys.away)
    .zrange(keys.back, '0', '-1')
    .get(keys.last)
    .zrange(keys.offers, '0', '-1', 'WITHSCORES')
    .zrange(keys.sessions, '0', '-1', 'WITHSCORES')
    .hgetall(keys.turns)
    .hkeys(keys.batch)
    .time()
    .exec();
  const [found, away, back, last, offers, sessions, turns, batch, time] = answers!.map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  const [twice, beyond] = found as [string[], string[]];
  const [seconds, micros] = time as [string, string];
  const passedOver = new Map(
    Object.entries(away as Record<string, string>).map(([place, text]) => [
      place,
      Number(text.split(':')[1]),
    ]),
  );
  return {
    nowMs: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000),
    twice: rowsOf(twice, 3).map(([place, lane, elsewhere]) => ({
      place: place!,
      lane: lane!,
      elsewhere: elsewhere!,
    })),
    beyondLast: [...scoresOf(beyond)].map(([place, order]) => ({ place, order })),
    passedOver,
    back: back as string[],
    lastOrder: Number(last ?? 0),
    offers: scoresOf(offers as string[]),
    sessions: scoresOf(sessions as string[]),
    turns: new Map(
      Object.entries(turns as Record<string, string>).map(([place, text]) => [place, turnOf(text)]),
    ),
    batch: (batch as string[]).filter((field) => field !== '#'),
    async waiting(places) {
      const there = new Set(places.filter((place) => passedOver.has(place)));
      for (let at = 0; at < places.length; at += ASKED_MAX) {
        const some = places.slice(at, at + ASKED_MAX);
        for (const lane of [general, priority, returning]) {
          const scores = await redis.zmscore(lane, ...some);
          for (const [n, place] of some.entries()) if (scores[n] !== null) there.add(place);
        }
      }
      return there;
    },
  };
}

/** Members whose time is not over: what `offers` and `sessions` count until the next tick drops the rest. */
export const liveOf = (members: ReadonlyMap<string, number>, nowMs: number): number =>
  [...members.values()].filter((endMs) => endMs > nowMs - limits.tickMs).length;

const rowsOf = (flat: readonly string[], width: number): string[][] =>
  Array.from({ length: flat.length / width }, (_, n) => flat.slice(n * width, (n + 1) * width));

function scoresOf(flat: string[]): Map<string, number> {
  const scores = new Map<string, number>();
  for (let i = 0; i < flat.length; i += 2) scores.set(flat[i]!, Number(flat[i + 1]));
  return scores;
}

function turnOf(text: string): Turn {
  const [turn, , , stage] = text.split(':');
  return { turn: Number(turn), stage: stage ?? '' };
}
