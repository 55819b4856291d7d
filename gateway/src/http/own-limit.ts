import { limits } from '@onsale/shared/limits';

/**
 * Counts the requests of networks in this process, for the time that Redis, which counts them for all gateways, is away: a
 * minute and the one before, the older weighed by how much of it is still within a minute.
 */
export class OwnLimit {
  readonly #perMinute: number;
  #minute = 0;
  #counts = new Map<string, number>();
  #before = new Map<string, number>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @returns how long until one more passes, ms; 0: this one does */
  ask(network: string, nowMs: number): number {
    const minute = Math.floor(nowMs / limits.networkWindowMs);
    if (minute !== this.#minute) {
      this.#before = minute === this.#minute + 1 ? this.#counts : new Map();
      this.#counts = new Map();
      this.#minute = minute;
    }
    const gone = (nowMs % limits.networkWindowMs) / limits.networkWindowMs;
    const count = this.#counts.get(network) ?? 0;
    const isFull = count === 0 && this.#counts.size >= limits.networksKeptMax;
    if (isFull || count + (this.#before.get(network) ?? 0) * (1 - gone) >= this.#perMinute) {
      return Math.ceil(limits.networkWindowMs * (1 - gone));
    }
    this.#counts.set(network, count + 1);
    return 0;
  }
}
