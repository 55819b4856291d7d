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
  readonly #atWork = new Map<string, { again: boolean }>();

  constructor(parts: TickParts, onTicked: (eventId: string, report: TickReport, tookMs: number) => void) {
    this.#parts = parts;
    this.#onTicked = onTicked;
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
        await this.#tick(event);
      }
    } finally {
      this.#atWork.delete(event);
    }
  }

  async #tick(event: string): Promise<void> {
    const startedAtMs = performance.now();
    const report = await tick(this.#parts, event);
    if (report !== undefined) this.#onTicked(event, report, performance.now() - startedAtMs);
  }
}
