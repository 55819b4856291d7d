import { z } from 'zod';

const count = z.int().nonnegative().nullable();

/** The sale as the operator saw it at one moment. null: that part was away, or did not say. */
export const Moment = z.object({
  atMs: z.number().nonnegative().describe('Since the run began'),
  waiting: count,
  offered: count,
  shopping: count,
  sold: count,
  held: count,
  free: count,
  ratePerMinute: count,
  admittedPerMinute: count.describe('In the minute before'),
  stalenessMs: z.number().nonnegative().nullable().describe('Age of the last tick, by the clock of the sale'),
});
export type Moment = z.infer<typeof Moment>;

export const Promised = z.object({
  id: z.string(),
  promise: z.string(),
  kept: z.boolean().nullable().describe('null: not looked at'),
  detail: z.string().describe('What breaks it, or why nobody looked'),
});
export type Promised = z.infer<typeof Promised>;

export const Threshold = z.object({
  metric: z.string().describe('As k6 writes it: `http_req_duration{op:join}`'),
  threshold: z.string(),
  pass: z.boolean(),
  value: z.number().nullable().describe('null: nothing of it was measured'),
});
export type Threshold = z.infer<typeof Threshold>;

export const Metric = z.object({
  kind: z.enum(['trend', 'rate', 'counter', 'gauge']),
  values: z.record(z.string(), z.number()),
});
export type Metric = z.infer<typeof Metric>;

/**
 * `broken`: a promise, or a threshold. `invalid`: arrivals were dropped or late, so the load was not what was asked for; that
 * never counts as kept. `interrupted`: somebody stopped it. `unjudged`: the promises should have been looked at, and could not be.
 */
export const Outcome = z.enum(['kept', 'broken', 'invalid', 'interrupted', 'unjudged']);
export type Outcome = z.infer<typeof Outcome>;

export const Environment = z.object({
  machine: z.object({
    platform: z.string(),
    cpu: z.string(),
    cores: z.int().positive(),
    memoryGib: z.number().positive(),
    node: z.string(),
  }),
  k6: z.string().describe('Its version'),
  url: z.string(),
  event: z.string(),
  clockAheadMs: z
    .number()
    .nullable()
    .describe('How far the clock of the sale is ahead of the machine of the fans'),
  openFiles: z.number().nullable().describe('How many files k6 could have open; null: no bound'),
  settings: z.record(z.string(), z.string()).describe('What the script was told, without secrets'),
});
export type Environment = z.infer<typeof Environment>;

/** `report.json` of a run of bin/k6. */
export const Report = z.object({
  script: z.string(),
  about: z.string(),
  startedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  seed: z.int(),
  target: z
    .enum(['own', 'running', 'target'])
    .describe('A sale of its own, that of bin/up, or one by its address'),
  environment: Environment,
  outcome: Outcome,
  promises: z.array(Promised),
  thresholds: z.array(Threshold),
  checks: z.array(z.object({ name: z.string(), passes: z.int(), fails: z.int() })),
  metrics: z.record(z.string(), Metric),
  timeline: z.array(Moment),
});
export type Report = z.infer<typeof Report>;
