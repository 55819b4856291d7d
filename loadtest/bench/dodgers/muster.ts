/** What a muster is as a message of one process to another. */
export interface Mustered {
  readonly count: number;
  readonly sum: readonly number[];
}

const bytes = new ArrayBuffer(24);
const scratch = Buffer.from(bytes);
const words = new Uint32Array(bytes, 0, 4);

/**
 * How many places were counted and the sum of their ids, 128 bits each and as good as random: of ten million fans two musters
 * agree when the same were counted, each as often, and else but once in 2^128. No list of them is kept.
 */
export class Muster {
  #count = 0;
  readonly #sum = new Uint32Array(4);

  /** @param place 22 characters of base64url */
  add(place: string): void {
    scratch.write(place, 0, 'base64url');
    this.#count += 1;
    for (let word = 0; word < 4; word += 1) this.#sum[word]! += words[word]!;
  }

  addAll({ count, sum }: Mustered): void {
    this.#count += count;
    for (let word = 0; word < 4; word += 1) this.#sum[word]! += sum[word]!;
  }

  get count(): number {
    return this.#count;
  }

  /** How many more or fewer the other counted; 1 when only other ones. */
  missing(other: Muster): number {
    const apart = Math.abs(this.#count - other.#count);
    const same = this.#sum.every((word, at) => word === other.#sum[at]);
    return apart === 0 && !same ? 1 : apart;
  }

  toMessage(): Mustered {
    return { count: this.#count, sum: [...this.#sum] };
  }
}
