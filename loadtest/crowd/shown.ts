/** What was shown when something was asked for. */
export interface Asked {
  readonly best: number;
  readonly place: number;
}

/**
 * The places one fan was shown while he kept one place. None may be behind an earlier one. An exact answer is held
 * against what was shown when it was asked for: a push may overtake it on the way.
 */
export class Shown {
  readonly #report: (text: string) => void;
  #best = Number.POSITIVE_INFINITY;
  #pushed = Number.POSITIVE_INFINITY;
  /** Counts the places he kept, one after another. */
  #place = 1;
  /** Faults seen while it is not known whether he has another place by now. */
  #doubtful: string[] | undefined;

  constructor(report: (text: string) => void) {
    this.#report = report;
  }

  asking(): Asked {
    return { best: this.#best, place: this.#place };
  }

  /** @param asked what `asking()` gave before the request was sent. */
  exact(position: number, asked: Asked): void {
    // Asked for the place that he gave up meanwhile: it may be of either.
    if (asked.place !== this.#place) return;
    if (position > asked.best)
      this.#fault(`a place moved back: ${asked.best} was shown, then exactly ${position}`);
    this.#best = Math.min(this.#best, position);
  }

  /**
   * A status by socket: exact, behind nothing that sockets told before, and what the pushes of this connection follow. It may
   * have been read before another request of the same fan was, and arrive after its answer.
   * @param asked what `asking()` gave before this connection was begun, where other requests go on beside it
   */
  connected(position: number, asked: Asked = this.asking()): void {
    const isOfThisPlace = asked.place === this.#place;
    this.exact(position, asked);
    if (isOfThisPlace && position <= asked.best) this.pushed(position);
    this.#pushed = position;
  }

  pushed(position: number): void {
    if (position > this.#pushed) this.#fault(`a pushed place moved back from ${this.#pushed} to ${position}`);
    this.#pushed = position;
    this.#best = Math.min(this.#best, position);
  }

  /** He may get another place from here on. */
  doubt(): void {
    this.#doubtful = [];
  }

  /** It is known: he has the same place, or a new one at the end of the line. */
  settle(renewed: boolean): void {
    const doubtful = this.#doubtful ?? [];
    this.#doubtful = undefined;
    if (!renewed) {
      doubtful.forEach(this.#report);
      return;
    }
    this.#place += 1;
    this.#best = Number.POSITIVE_INFINITY;
    this.#pushed = Number.POSITIVE_INFINITY;
  }

  #fault(text: string): void {
    if (this.#doubtful) this.#doubtful.push(text);
    else this.#report(text);
  }
}
