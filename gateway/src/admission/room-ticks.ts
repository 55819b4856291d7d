import type { TickJob } from '@onsale/shared/jobs';
import { refresh, type TickParts, type TickReport, tick } from './tick.ts';

/**
 * Ticks of this process, one at work on a room at a time: while the core hangs, ticks that come after do not queue up
 * behind it but keep the snapshot fresh. A wake that finds a tick at work is run after it, once, so what that tick had
 * read before the join is read again.
 */
export class RoomTicks {
  readonly #parts: TickParts;
  readonly #onTicked: (eventId: string, report: TickReport, tookMs: number) => void;
  readonly #onGone: (eventId: string) => Promise<void>;
  readonly #atWork = new Map<string, { again: boolean }>();

  /** @param onGone called by a tick that finds no copy of the room */
  constructor(
    parts: TickParts,
    onTicked: (eventId: string, report: TickReport, tookMs: number) => void,
    onGone: (eventId: string) => Promise<void> = async () => {},
  ) {
    this.#parts = parts;
    this.#onTicked = onTicked;
    this.#onGone = onGone;
  }

  async run({ event, cause }: TickJob): Promise<void> {
    const other = this.#atWork.get(event);
    if (other !== undefined) {
      if (cause === 'schedule') return refresh(this.#parts, event);
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
    if (report === undefined) await this.#onGone(event);
    else this.#onTicked(event, report, performance.now() - startedAtMs);
    return report;
  }
}
