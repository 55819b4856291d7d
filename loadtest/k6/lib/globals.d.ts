/** Globals of k6 that its types leave out. */
declare const crypto: { randomUUID(): string };
declare const console: { error(text: string): void };
