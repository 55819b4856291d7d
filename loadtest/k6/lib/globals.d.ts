/** A global of k6 that its types leave out. */
declare const crypto: { randomUUID(): string };
