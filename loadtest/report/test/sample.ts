import { notLooked } from '../promises.ts';
import { Report } from '../report.ts';

/** A report as a run leaves it, in which everything was kept. */
export function sample(changes: Partial<Report> = {}): Report {
  const seconds = 90;
  return Report.parse({
    script: 'flash-sale',
    about: 'Fans <b>come</b> & go',
    startedAt: '2026-11-21T12:00:00.000Z',
    seconds,
    seed: 1,
    target: 'own',
    environment: {
      machine: { platform: 'linux x64', cpu: 'A CPU', cores: 2, memoryGib: 8, node: '24.0.0' },
      k6: 'k6 v2',
      url: 'http://127.0.0.1:3000',
      event: 'rehearsal-flash-sale-1',
      clockAheadMs: 2,
      openFiles: 4_512,
      settings: { FANS: '2000', SEED: '1' },
    },
    outcome: 'kept',
    promises: notLooked('').map((promised) => ({ ...promised, kept: true, detail: '' })),
    thresholds: [
      { metric: 'http_req_duration{op:join}', threshold: 'p(99)<500', pass: true, value: 120.5 },
      { metric: 'dropped_iterations', threshold: 'count==0', pass: true, value: 0 },
    ],
    checks: [{ name: 'join is answered', passes: 2_000, fails: 0 }],
    metrics: {
      'http_req_duration{op:join}': {
        kind: 'trend',
        values: { med: 10, 'p(95)': 60, 'p(99)': 120.5, max: 300 },
      },
      dropped_iterations: { kind: 'counter', values: { count: 0, rate: 0 } },
      conversion: { kind: 'rate', values: { value: 0.5, passes: 1, fails: 1 } },
      iterations: { kind: 'counter', values: { count: 2_000, rate: 22 } },
    },
    timeline: Array.from({ length: seconds }, (_, second) => ({
      atMs: second * 1_000,
      waiting: second === 40 ? null : 90 - second,
      offered: 3,
      shopping: second,
      sold: second * 5,
      held: 10,
      free: 500 - second * 5,
      ratePerMinute: 600,
      admittedPerMinute: second * 6,
      stalenessMs: 120,
    })),
    ...changes,
  });
}
