import { limits } from '@onsale/shared/limits';
import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';

/** The last admission of one place, as `:turns` keeps it. */
export interface Turn {
  readonly turn: number;
  readonly stage: string;
}

/** One event's line as Redis held it in one moment. Scores are numbers: they stay below 2^53. */
export interface LineView {
  readonly nowMs: number;
  readonly line: ReadonlyMap<string, number>;
  readonly lastOrder: number;
  /** Place → end of its claim window, epoch ms. */
  readonly offers: ReadonlyMap<string, number>;
  /** Place → end of its session, epoch ms. */
  readonly sessions: ReadonlyMap<string, number>;
  readonly turns: ReadonlyMap<string, Turn>;
  /** Places of the batch that is not recorded yet. */
  readonly batch: readonly string[];
}

/** Reads the whole line in one transaction of Redis. @throws when Redis is away or refuses. */
export async function readLine(redis: Redis, prefix: string, event: string): Promise<LineView> {
  const keys = keysOf(prefix, event);
  const answers = await redis
    .multi()
    .zrange(keys.line, '0', '-1', 'WITHSCORES')
    .get(keys.last)
    .zrange(keys.offers, '0', '-1', 'WITHSCORES')
    .zrange(keys.sessions, '0', '-1', 'WITHSCORES')
    .hgetall(keys.turns)
    .hkeys(keys.batch)
    .time()
    .exec();
  const [line, last, offers, sessions, turns, batch, time] = answers!.map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  const [seconds, micros] = time as [string, string];
  return {
    nowMs: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000),
    line: scoresOf(line as string[]),
    lastOrder: Number(last ?? 0),
    offers: scoresOf(offers as string[]),
    sessions: scoresOf(sessions as string[]),
    turns: new Map(
      Object.entries(turns as Record<string, string>).map(([place, text]) => [place, turnOf(text)]),
    ),
    batch: (batch as string[]).filter((field) => field !== '#'),
  };
}

/** Members whose time is not over: what `offers` and `sessions` count until the next tick drops the rest. */
export const liveOf = (members: ReadonlyMap<string, number>, nowMs: number): number =>
  [...members.values()].filter((endMs) => endMs > nowMs - limits.tickMs).length;

function scoresOf(flat: string[]): Map<string, number> {
  const scores = new Map<string, number>();
  for (let i = 0; i < flat.length; i += 2) scores.set(flat[i]!, Number(flat[i + 1]));
  return scores;
}

function turnOf(text: string): Turn {
  const [turn, , , stage] = text.split(':');
  return { turn: Number(turn), stage: stage ?? '' };
}
