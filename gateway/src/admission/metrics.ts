import type { AdmissionReason } from '@onsale/shared/http/internal';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the admission worker counts. Rooms are few, so they are labels. */
export function admissionMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const room = ['event'] as const;
  const ticks = new Counter({
    name: 'onsale_admission_ticks_total',
    help: 'Ticks of a room, by what bounded admission',
    labelNames: [...room, 'reason'] as const,
    registers,
  });
  const tickSeconds = new Histogram({
    name: 'onsale_admission_tick_seconds',
    help: 'How long a tick took',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 10],
    registers,
  });
  const admitted = new Counter({
    name: 'onsale_admission_admitted_total',
    help: 'Fans let in',
    labelNames: room,
    registers,
  });
  const finished = new Counter({
    name: 'onsale_admission_batches_finished_total',
    help: 'Batches that another tick had left and this worker finished',
    labelNames: room,
    registers,
  });
  const recreated = new Counter({
    name: 'onsale_admission_schedulers_recreated_total',
    help: 'Tick schedulers made because a room was silent',
    labelNames: room,
    registers,
  });
  const coreAway = new Counter({
    name: 'onsale_admission_core_away_total',
    help: 'Calls that the booking core did not answer',
    registers,
  });
  const waiting = new Gauge({
    name: 'onsale_admission_waiting',
    help: 'Fans in the line',
    labelNames: room,
    registers,
  });

  return {
    registry,
    ticked(
      event: string,
      report: { reason: AdmissionReason; waiting: number; admitted: number; finished: boolean },
      tookMs: number,
    ): void {
      ticks.inc({ event, reason: report.reason });
      tickSeconds.observe(tookMs / 1000);
      admitted.inc({ event }, report.admitted);
      if (report.finished) finished.inc({ event });
      waiting.set({ event }, report.waiting);
    },
    recreated: (event: string): void => recreated.inc({ event }),
    coreAway: (): void => coreAway.inc(),
  };
}
export type AdmissionMetrics = ReturnType<typeof admissionMetrics>;
