import { numberOption } from '../settings.ts';

/** What a run with slow sockets is told besides; loadtest/README.md says what each is. */
export const plan = {
  seconds: numberOption('SECONDS', 40, { min: 20, max: 86_400 }),
  aloneSeconds: numberOption('ALONE_SECONDS', 12, { min: 6, max: 86_400 }),
  seldom: numberOption('SELDOM', 60, { min: 1, max: 10_000, whole: true }),
  seldomSeconds: numberOption('SELDOM_SECONDS', 5, { min: 1, max: 40 }),
  frozen: numberOption('FROZEN', 40, { min: 1, max: 10_000, whole: true }),
  mute: numberOption('MUTE', 40, { min: 1, max: 10_000, whole: true }),
  staleMs: numberOption('STALE_MS', 1_000, { min: 1, max: 600_000 }),
} as const;

/** Sockets that one of k6's virtual users has. */
export const PER_VU = 50;
/** How often the operator says something. */
export const SAY_EVERY_S = 0.5;

/** When the run began. */
export interface Times {
  readonly startedAtMs: number;
}

export const endOf = ({ startedAtMs }: Times): number => startedAtMs + plan.seconds * 1_000;
