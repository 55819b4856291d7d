import { limits } from '@onsale/shared/limits';

interface Turn {
  readonly atMs: number;
  bought: number;
}

/** What the core says that fans whose turns are over have bought; booking-core/src/inventory/per-fan.ts has the real one. */
export class PerFan {
  readonly #turns: Turn[] = [];
  #over = 0;
  #fans = 0;
  #sum = 0;
  #squares = 0;

  admitted(atMs: number): Turn {
    const turn = { atMs, bought: 0 };
    this.#turns.push(turn);
    return turn;
  }

  until(overAtMs: number): { mean: number; deviation: number; fans: number } | null {
    for (let turn = this.#turns[this.#over]; turn && turn.atMs <= overAtMs; turn = this.#turns[this.#over]) {
      const kept = 1 - 1 / limits.perFanMemory;
      this.#fans = this.#fans * kept + 1;
      this.#sum = this.#sum * kept + turn.bought;
      this.#squares = this.#squares * kept + turn.bought ** 2;
      this.#over += 1;
    }
    if (this.#fans < limits.perFanMin) return null;
    const mean = this.#sum / this.#fans;
    const deviation = Math.sqrt(Math.max(0, this.#squares / this.#fans - mean ** 2));
    return { mean, deviation, fans: Math.floor(this.#fans) };
  }
}
