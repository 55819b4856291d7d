import { type Lane, lanes } from '@onsale/shared/lanes';

export interface Place {
  readonly lane: Lane;
  /** Whether his page is open. */
  there: boolean;
  /** Has left the line. */
  gone: boolean;
}

/**
 * The line as take.lua serves it, without Redis: who was passed over and is back first, then the lanes by what each is owed.
 * gateway/src/line has the real one; this one runs hours of a sale in a second.
 */
export class ModelLine<P extends Place> {
  readonly #lanes: Record<Lane, P[]> = { priority: [], returning: [], general: [] };
  readonly #heads: Record<Lane, number> = { priority: 0, returning: 0, general: 0 };
  readonly #waiting: Record<Lane, number> = { priority: 0, returning: 0, general: 0 };
  readonly #due: Record<Lane, number> = { priority: 0, returning: 0, general: 0 };
  readonly away = new Set<P>();
  #left = 0;

  get left(): number {
    return this.#left;
  }

  waiting(lane: Lane): number {
    return this.#waiting[lane];
  }

  join(place: P): void {
    this.#lanes[place.lane].push(place);
    this.#waiting[place.lane] += 1;
  }

  leave(place: P): void {
    place.gone = true;
    this.#left += 1;
    if (!this.away.delete(place)) this.#waiting[place.lane] -= 1;
  }

  take(count: number, shares: Readonly<Record<Lane, number>>): P[] {
    const taken: P[] = [];
    for (const place of this.away) {
      if (taken.length >= count) return taken;
      if (!place.there) continue;
      this.away.delete(place);
      taken.push(place);
    }
    while (taken.length < count) {
      const busy = lanes.filter((lane) => this.#waiting[lane] > 0);
      for (const lane of lanes) if (!busy.includes(lane)) this.#due[lane] = 0;
      if (busy.length === 0) break;
      const chosen = busy.reduce((best, lane) =>
        this.#due[lane] + shares[lane] > this.#due[best] + shares[best] ? lane : best,
      );
      const place = this.#next(chosen);
      if (!place.there) {
        this.away.add(place);
        continue;
      }
      taken.push(place);
      const all = busy.reduce((sum, lane) => sum + shares[lane], 0);
      for (const lane of busy) this.#due[lane] += shares[lane];
      this.#due[chosen] -= all;
    }
    return taken;
  }

  #next(lane: Lane): P {
    const places = this.#lanes[lane];
    while (places[this.#heads[lane]]!.gone) this.#heads[lane] += 1;
    this.#waiting[lane] -= 1;
    const place = places[this.#heads[lane]]!;
    this.#heads[lane] += 1;
    return place;
  }

  /** Everyone who waits, with his place; without those passed over. */
  *places(): Generator<[P, number]> {
    for (const lane of lanes) {
      let place = 0;
      for (let at = this.#heads[lane]; at < this.#lanes[lane].length; at += 1) {
        const one = this.#lanes[lane][at]!;
        if (one.gone) continue;
        place += 1;
        yield [one, place];
      }
    }
  }
}
