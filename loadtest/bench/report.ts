import { z } from 'zod';

/** What `bin/bench --json` prints: one such object, and nothing else on that stream. */
export const Result = z.object({
  name: z.string().min(1),
  unit: z.string().min(1),
  median: z.number(),
  min: z.number(),
  max: z.number(),
  /** How many runs count; warm-ups do not. */
  runs: z.int().positive(),
});
export type Result = z.infer<typeof Result>;

export const Verdict = z.object({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  promise: z.string().min(1),
  target: z.number(),
  value: z.number(),
  pass: z.boolean(),
});
export type Verdict = z.infer<typeof Verdict>;

export const Machine = z.object({
  platform: z.string(),
  cpu: z.string(),
  cores: z.int().positive(),
  memoryGib: z.number().positive(),
  node: z.string(),
  postgres: z.object({ version: z.string(), settings: z.record(z.string(), z.string()) }),
  /** Median of writing 8 KiB and waiting until it is on the disk: what a commit costs at least. */
  fsyncMs: z.number().nonnegative(),
  /** Load average of the minute before the first run and before the end. */
  load: z.object({ before: z.number(), after: z.number() }),
  /** Part of the machine that others had in the second before anything was started. */
  busyBefore: z.number().min(0).max(1).optional(),
  /** Results whose runs lie further apart than the bound: of these nothing can be told. */
  noise: z.object({ spreadMax: z.number(), tooNoisy: z.array(z.string()) }),
});
export type Machine = z.infer<typeof Machine>;

export const Report = z.object({
  bench: z.string().min(1),
  startedAt: z.iso.datetime(),
  /** Whether it was the quick form: an indication. */
  quick: z.boolean().default(false),
  /** Of a bench that has any, by name: how large it was. */
  sizes: z.record(z.string(), z.int()).default({}),
  /** How long all of it took; not known of the first runs. */
  seconds: z.number().nonnegative().optional(),
  machine: Machine,
  results: z.array(Result).min(1),
  verdicts: z.array(Verdict),
});
export type Report = z.infer<typeof Report>;

/** 1 when a verdict fails. */
export const exitCodeOf = (report: Report): 0 | 1 => (report.verdicts.every(({ pass }) => pass) ? 0 : 1);
