import type { AdmissionReason } from '@onsale/shared/http/internal';
import { type Lane, lanes } from '@onsale/shared/lanes';
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
    help: 'Fans let in, by lane',
    labelNames: [...room, 'lane'] as const,
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
  const lost = new Counter({
    name: 'onsale_admission_lines_lost_total',
    help: 'Times that Redis had lost the line of a room, and it was put together again',
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
    help: 'Fans in the line, by lane; those passed over are in none',
    labelNames: [...room, 'lane'] as const,
    registers,
  });
  const away = new Gauge({
    name: 'onsale_admission_away',
    help: 'Fans passed over: they were not there when their turn came, and go first when they are',
    labelNames: room,
    registers,
  });
  const noShows = new Gauge({
    name: 'onsale_admission_no_shows',
    help: 'Offers that nobody took in time, since the room began or Redis was lost',
    labelNames: room,
    registers,
  });

  /** Rooms that were ticked here. */
  const seen = new Set<string>();
  return {
    registry,
    ticked(
      event: string,
      report: {
        reason: AdmissionReason;
        away: number;
        noShows: number;
        inLanes: Record<Lane, number>;
        fromLanes: Record<Lane, number>;
        finished: boolean;
      },
      tookMs: number,
    ): void {
      seen.add(event);
      ticks.inc({ event, reason: report.reason });
      tickSeconds.observe(tookMs / 1000);
      if (report.finished) finished.inc({ event });
      for (const lane of lanes) {
        admitted.inc({ event, lane }, report.fromLanes[lane]);
        waiting.set({ event, lane }, report.inLanes[lane]);
      }
      away.set({ event }, report.away);
      noShows.set({ event }, report.noShows);
    },
    /** Forgets what was last seen of rooms that are none of these: they are over. */
    only(events: readonly string[]): void {
      const going = new Set(events);
      for (const event of [...seen].filter((one) => !going.has(one))) {
        seen.delete(event);
        for (const lane of lanes) waiting.remove({ event, lane });
        away.remove({ event });
        noShows.remove({ event });
      }
    },
    recreated: (event: string): void => recreated.inc({ event }),
    lost: (event: string): void => lost.inc({ event }),
    coreAway: (): void => coreAway.inc(),
  };
}
export type AdmissionMetrics = ReturnType<typeof admissionMetrics>;
