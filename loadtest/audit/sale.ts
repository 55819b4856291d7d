import type { Tables } from '@onsale/shared/tables';
import type { Kysely } from 'kysely';
import type { LineView } from './line-view.ts';

/** What the audit may do with Postgres: look. The session is read-only besides. */
export type Reader = Pick<Kysely<Tables>, 'selectFrom' | 'fn'> & Kysely<Tables>;

/** One sale as an invariant sees it: one moment of Postgres, and Redis as it was just before. */
export interface Sale {
  readonly db: Reader;
  /** The events that are audited. Never empty. */
  readonly events: readonly string[];
  readonly lines: ReadonlyMap<string, LineView>;
  /** Nothing is in flight any more: what is unfinished now has been forgotten. */
  readonly atRest: boolean;
}

/** A row that breaks a promise, as it is printed. */
export type Breach = Readonly<Record<string, string | number | boolean | null>>;

export interface Invariant {
  /** Names the invariant for ever: mutations and tests refer to it. */
  readonly id: string;
  /** The rule of docs/spec it proves. */
  readonly rule: string;
  readonly promise: string;
  check(sale: Sale): Promise<Breach[]>;
}
