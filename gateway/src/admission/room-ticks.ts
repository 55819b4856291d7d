import type { TickJob } from '@onsale/shared/jobs';
import { refresh, type TickParts, type TickReport, tick } from './tick.ts';

/** What ticks find of a room that says when the next ones come. */
export interface TickSchedule {
  /** There is no copy of the room. */
  end(eventId: string): Promise<void>;
  /** The room became quiet, or is not any more. Never told, or lost: whoever looks for silent rooms finds out. */
  pace(eventId: string, pace: { quiet: boolean }): Promise<void>;
}

const NO_SCHEDULE: TickSchedule = { end: async () => {}, pace: async () => {} };

/**
 * Ticks of this process, one at work on a room at a time: while the core hangs, ticks that come after do not queue up
 * behind it but keep the snapshot fresh. A wake that finds a tick at work is run after it, once, so what that tick had
 * read before the join is read again.
 */
export class RoomTicks {
  readonly #parts: TickParts;
  readonly #onTicked: (eventId: string, report: TickReport, tookMs: number) => void;
  readonly #schedule: TickSchedule;
  readonly #atWork = new Map<string, { again: boolean }>();

  constructor(
    parts: TickParts,
    onTicked: (eventId: string, report: TickReport, tookMs: number) => void,
    schedule: TickSchedule = NO_SCHEDULE,
  ) {
    this.#parts = parts;
    this.#onTicked = onTicked;
    this.#schedule = schedule;
  }

  async run({ event, cause }: TickJob): Promise<void> {
    const other = this.#atWork.get(event);
    if (other !== undefined) {
      if (cause === 'schedule') return this.#keepPace(event, await refresh(this.#parts, event));
      other.again = true;
      return;
    }
    const mine = { again: true };
    this.#atWork.set(event, mine);
    try {
      while (mine.again) {
        mine.again = false;
        const report = await this.#tick(event);
        // The batch was of a tick that died: what it would have taken next is taken now, before the credit is full.
        if (report?.finished && report.admitted > 0) mine.again = true;
      }
    } finally {
      this.#atWork.delete(event);
    }
  }

  async #tick(event: string): Promise<TickReport | undefined> {
    const startedAtMs = performance.now();
    const report = await tick(this.#parts, event);
    if (report === undefined) await this.#schedule.end(event);
    else this.#onTicked(event, report, performance.now() - startedAtMs);
    await this.#keepPace(event, report);
    return report;
  }

  async #keepPace(event: string, report: TickReport | undefined): Promise<void> {
    if (report?.paceChanged) await this.#schedule.pace(event, report);
  }
}
