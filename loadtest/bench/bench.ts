import type { Result, Verdict } from './report.ts';

/** Answers one question with figures. One file each, listed in benches.ts. */
export interface Bench {
  /** As typed: `bin/bench claims`. */
  readonly name: string;
  readonly question: string;
  /** How long it takes at most, on two cores. */
  readonly minutes: { readonly quick: number; readonly full: number };
  /** Whole numbers that say how large it is: `fans` is `--fans N` of the command. */
  readonly sizes?: Readonly<Record<string, Size>>;
  run(context: Context): Promise<Outcome>;
}

export interface Size {
  readonly about: string;
  readonly least: number;
  readonly most: number;
  /** When nobody asks for another: of the quick form, and of the full one. */
  readonly quick: number;
  readonly full: number;
}

/** What a bench is given. */
export interface Context {
  /** Fewer and shorter rounds: an indication, not a figure to quote. */
  readonly quick: boolean;
  /** One for each of the bench's sizes. */
  readonly sizes: Readonly<Record<string, number>>;
  /** A new database on the bench's own Postgres (fsync on), dropped at the end. */
  database(kind: 'empty' | 'migrated'): Promise<BenchDatabase>;
  readonly redisUrl: string;
  /** The run's folder: secrets of processes that the bench starts, and their pids. */
  readonly dir: string;
  /** Undone when the bench ends, also by an error or a signal: the latest first, the servers last. */
  atEnd(undo: () => Promise<void>): void;
  /** Says how far it is, to people. */
  say(line: string): void;
}

export interface BenchDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export interface Outcome {
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
}
