import { limits } from '@onsale/shared/limits';
import type { Redis } from 'ioredis';

/** The most that was in use at once, bytes: of Redis with what its forked child wrote to, and of the bench's processes. */
export interface Peaks {
  readonly redis: number;
  readonly bench: number;
}

/** Looks at Redis every now and then, and hears from the bench's processes when they end. */
export class MemoryWatch {
  readonly #redis: Redis;
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#timer = setInterval(() => void this.#look().catch(() => {}), limits.tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get peakBytes(): number {
    return this.#peak;
  }

  /** What Redis says it uses, without what it has not given back to the system. */
  async usedBytes(): Promise<number> {
    return fieldOf(await this.#redis.info('memory'), 'used_memory');
  }

  async #look(): Promise<void> {
    const info = `${await this.#redis.info('memory')}\n${await this.#redis.info('persistence')}`;
    // Pages that a rewrite of the append-only file has made two of.
    const twice = fieldOf(info, 'current_cow_size');
    this.#peak = Math.max(this.#peak, fieldOf(info, 'used_memory_rss') + (Number.isNaN(twice) ? 0 : twice));
  }
}

/** The most this process ever had. */
export const ownPeakBytes = (): number => process.resourceUsage().maxRSS * 1_024;

const fieldOf = (info: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
