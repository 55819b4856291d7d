/**
 * The places one fan was shown while he kept one place. None may be behind an earlier one. An exact answer is held
 * against what was shown when it was asked for: a push may overtake it on the way.
 */
export class Shown {
  readonly #fault: (text: string) => void;
  #best = Number.POSITIVE_INFINITY;
  #pushed = Number.POSITIVE_INFINITY;

  constructor(fault: (text: string) => void) {
    this.#fault = fault;
  }

  get best(): number {
    return this.#best;
  }

  /** From a request sent when `best` was `before`. */
  exact(place: number, before: number): void {
    if (place > before) this.#fault(`a place moved back: ${before} was shown, then exactly ${place}`);
    this.#best = Math.min(this.#best, place);
  }

  /** The status at connect: exact, and what the pushes of this connection follow. */
  connected(place: number): void {
    this.exact(place, this.#best);
    this.#pushed = place;
  }

  pushed(place: number): void {
    if (place > this.#pushed) this.#fault(`a pushed place moved back from ${this.#pushed} to ${place}`);
    this.#pushed = place;
    this.#best = Math.min(this.#best, place);
  }
}
