import { setTimeout as delay } from 'node:timers/promises';
import { keysOf } from '@onsale/shared/redis-keys';
import { Redis } from 'ioredis';
import { EVENT } from './stage.ts';

const LOOK_EVERY_MS = 100;

/** Looks at the line in Redis from outside, as the whole sale goes on. */
export class Watch {
  readonly redis: Redis;
  readonly #keys: ReturnType<typeof keysOf>;
  #going = true;
  #done: Promise<void> | undefined;
  /** The most offers and sessions that ever lived at once. */
  mostSlots = 0;
  slots = 0;
  waiting = 0;

  constructor(redisUrl: string, prefix: string) {
    this.redis = new Redis(redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    this.redis.on('error', () => {});
    this.#keys = keysOf(prefix, EVENT);
  }

  start(): void {
    this.#done = this.#look();
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#done;
    this.redis.disconnect();
  }

  async #look(): Promise<void> {
    while (this.#going) {
      const nowMs = Date.now();
      const answers = await this.redis
        .multi()
        .zcount(this.#keys.offers, nowMs, '+inf')
        .zcount(this.#keys.sessions, nowMs, '+inf')
        .zcard(this.#keys.general)
        .exec()
        .catch(() => null);
      if (answers !== null) {
        const [offers, sessions, waiting] = answers.map(([, count]) => Number(count));
        this.slots = offers! + sessions!;
        this.mostSlots = Math.max(this.mostSlots, this.slots);
        this.waiting = waiting!;
      }
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Whether a Redis that knows the room admits again. */
  async isWhole(): Promise<boolean> {
    const [turnsKnown, healUntilMs] = await this.redis.hmget(this.#keys.life, 'turnsKnown', 'healUntilMs');
    return turnsKnown === '1' && Date.now() > Number(healUntilMs);
  }

  /** Places of the general lane in order, with their orders; then those beside it. */
  async orders(): Promise<Map<string, number>> {
    const [lane, away] = await Promise.all([
      this.redis.zrange(this.#keys.general, '0', '-1', 'WITHSCORES'),
      this.redis.hgetall(this.#keys.away),
    ]);
    const orders = new Map<string, number>();
    for (let at = 0; at < lane.length; at += 2) orders.set(lane[at]!, Number(lane[at + 1]));
    for (const [place, text] of Object.entries(away)) orders.set(place, Number(text.split(':')[1]));
    return orders;
  }

  lane(): Promise<string[]> {
    return this.redis.zrange(this.#keys.general, '0', '-1');
  }
}
