/**
 * What everyone is told alike, kept for a moment: whatever the number of fans who ask, it is read once per key and span,
 * and who asks meanwhile waits for that one reading. A reading that fails, or is not worth keeping, is forgotten.
 */
export class Kept<T> {
  readonly #entries = new Map<string, { untilMs: number; value: Promise<T> }>();
  readonly #maxAgeMs: number;
  readonly #maxEntries: number;
  readonly #worthKeeping: (value: T) => boolean;

  constructor({
    maxAgeMs,
    maxEntries,
    worthKeeping = () => true,
  }: {
    maxAgeMs: number;
    maxEntries: number;
    worthKeeping?: (value: T) => boolean;
  }) {
    this.#maxAgeMs = maxAgeMs;
    this.#maxEntries = maxEntries;
    this.#worthKeeping = worthKeeping;
  }

  get(key: string, nowMs: number, read: () => Promise<T>): Promise<T> {
    const kept = this.#entries.get(key);
    if (kept !== undefined && nowMs < kept.untilMs) return kept.value;

    const entry = { untilMs: nowMs + this.#maxAgeMs, value: read() };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#maxEntries) this.#entries.delete(this.#entries.keys().next().value!);

    const drop = (): void => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    entry.value.then((value) => {
      if (!this.#worthKeeping(value)) drop();
    }, drop);
    return entry.value;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
