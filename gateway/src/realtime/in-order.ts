import type { Watched } from './watched.ts';

/**
 * Sockets whose fans wait in one lane, by their order in the line. Who comes and goes is noted, and put in when somebody
 * asks for all: ten thousand that come back at once cost one sort, not ten thousand insertions.
 */
export class InOrder {
  #sorted: Watched[] = [];
  readonly #came = new Set<Watched>();
  readonly #went = new Set<Watched>();

  add(watched: Watched): void {
    this.#came.add(watched);
  }

  remove(watched: Watched): void {
    if (!this.#came.delete(watched)) this.#went.add(watched);
  }

  /** As of now: who goes while somebody walks along it is still in it. */
  all(): readonly Watched[] {
    if (this.#went.size > 0) this.#sorted = this.#sorted.filter((watched) => !this.#went.has(watched));
    this.#went.clear();
    if (this.#came.size > 0) {
      // Two runs that are in order: sorting them together is a merge.
      const came = [...this.#came].sort((a, b) => orderOf(a) - orderOf(b));
      this.#sorted = [...this.#sorted, ...came].sort((a, b) => orderOf(a) - orderOf(b));
      this.#came.clear();
    }
    return this.#sorted;
  }
}

/** The order number of one who waits. */
export const orderOf = ({ standing }: Watched): number =>
  standing?.stage === 'waiting' ? standing.order : Number.POSITIVE_INFINITY;
