import { z } from 'zod';
import type { Metric, Report, Threshold } from './report.ts';

const Check = z.object({ name: z.string(), passes: z.int(), fails: z.int() });
interface Group {
  checks: Record<string, z.infer<typeof Check>>;
  groups: Record<string, Group>;
}
const Group: z.ZodType<Group> = z.object({
  checks: z.record(z.string(), Check),
  groups: z.lazy(() => z.record(z.string(), Group)),
});

/**
 * What `k6 run --summary-export` writes, in its older form: the newer one has neither thresholds nor a 99th percentile. Of each
 * threshold it says whether it FAILED.
 */
const Summary = z.object({
  root_group: Group,
  metrics: z.record(
    z.string(),
    z.object({ thresholds: z.record(z.string(), z.boolean()).optional() }).catchall(z.number()),
  ),
});

export type Measured = Pick<Report, 'metrics' | 'thresholds' | 'checks'>;

/** By name: k6 writes metrics in another order each time. @throws ZodError when it is not what k6 writes. */
export function readSummary(text: string): Measured {
  const { metrics, root_group } = Summary.parse(JSON.parse(text));
  const measured: Record<string, Metric> = {};
  const thresholds: Threshold[] = [];
  const byName = Object.entries(metrics).sort(([a], [b]) => a.localeCompare(b));
  for (const [name, { thresholds: judged = {}, ...values }] of byName) {
    measured[name] = { kind: kindOf(values), values };
    for (const [threshold, failed] of Object.entries(judged)) {
      thresholds.push({ metric: name, threshold, pass: !failed, value: measuredBy(threshold, values) });
    }
  }
  return { metrics: measured, thresholds, checks: checksOf(root_group) };
}

function kindOf(values: Readonly<Record<string, number>>): Metric['kind'] {
  if ('med' in values || 'avg' in values) return 'trend';
  if ('passes' in values) return 'rate';
  return 'count' in values ? 'counter' : 'gauge';
}

/** The figure that a threshold such as `p(99)<500` is about; a rate's stands under `value`. */
function measuredBy(threshold: string, values: Readonly<Record<string, number>>): number | null {
  const figure = /^\s*([a-z]+(?:\([\d.]+\))?)/.exec(threshold)?.[1] ?? '';
  return values[figure] ?? (figure === 'rate' ? values.value : undefined) ?? null;
}

const checksOf = ({ checks, groups }: Group): Report['checks'] => [
  ...Object.values(checks).map(({ name, passes, fails }) => ({ name, passes, fails })),
  ...Object.values(groups).flatMap(checksOf),
];
