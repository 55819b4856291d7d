import { limits } from '@onsale/shared/limits';

/**
 * The places that exact answers of one gateway told: joins, statuses, and the first message of sockets. While the line is
 * away places are derived from the last snapshot, which may be older than such an answer: nobody is told a greater one.
 *
 * The oldest are forgotten, a half of what is kept at once. One by one they would be looked for behind all the gaps that those
 * before left in the map: 29 µs of each join once it is full.
 */
export class ToldPlaces {
  #latest = new Map<string, number>();
  #before = new Map<string, number>();

  /** @param told null when the answer told none */
  note(place: string, told: number | null): void {
    if (told === null) {
      this.#latest.delete(place);
      this.#before.delete(place);
      return;
    }
    if (this.#latest.size >= limits.placesToldMax / 2 && !this.#latest.has(place)) {
      this.#before = this.#latest;
      this.#latest = new Map();
    }
    this.#latest.set(place, told);
  }

  least(place: string, bound: number): number {
    const told = this.#latest.get(place) ?? this.#before.get(place) ?? Number.POSITIVE_INFINITY;
    return Math.min(bound, told);
  }
}
