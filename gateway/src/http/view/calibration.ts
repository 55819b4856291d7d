import type { Odds, PlaceStatus, WaitRange } from '@onsale/shared/http/line';
import type { Calibration as Told } from '@onsale/shared/http/operator';
import { limits } from '@onsale/shared/limits';

/** What a fan was told first on his connection, and when. */
export interface Outlook {
  readonly atMs: number;
  readonly wait: WaitRange | null;
  readonly odds: Odds | null;
}

/** How a wait came out, against the range that was told. */
export type Came = 'inside' | 'earlier' | 'later';

interface Counts {
  waits: Record<Came, number>;
  /** By told percent, 0 for under 5 and 100 for over 95. */
  odds: Map<number, { fans: number; letIn: number }>;
}

/**
 * Whether what fans were told came true: the sockets of this process are a sample of all fans, and what each was told first
 * on its connection is kept with it, so there is nothing to keep anywhere else. Newer fans weigh more: the score is of about
 * the last limits.calibrationFans.
 */
export class Calibration {
  readonly #events = new Map<string, Counts>();
  readonly #onWait: (eventId: string, came: Came, share: number) => void;
  readonly #onOdds: (eventId: string, percent: number, letIn: boolean) => void;

  /** @param onWait told of every wait that is over, and of the share of waits inside their ranges */
  constructor(
    onWait: (eventId: string, came: Came, share: number) => void,
    onOdds: (eventId: string, percent: number, letIn: boolean) => void,
  ) {
    this.#onWait = onWait;
    this.#onOdds = onOdds;
  }

  /** His turn has come: he is let in, whether he claims or not. */
  letIn(eventId: string, { atMs, wait, odds }: Outlook, nowMs: number): void {
    const counts = this.#of(eventId);
    if (wait !== null) {
      const waitedMs = nowMs - atMs;
      const came = waitedMs < wait.fromMs ? 'earlier' : waitedMs > wait.toMs ? 'later' : 'inside';
      for (const one of Object.keys(counts.waits) as Came[]) counts.waits[one] *= FADES;
      counts.waits[came] += 1;
      this.#onWait(eventId, came, shareInside(counts.waits));
    }
    this.#judgeOdds(eventId, counts, odds, true);
  }

  /** All was sold, or the sale ended, before his turn came. */
  notLetIn(eventId: string, { odds }: Outlook): void {
    this.#judgeOdds(eventId, this.#of(eventId), odds, false);
  }

  /** Null while nothing was told that is over by now. */
  of(eventId: string): Told | null {
    const counts = this.#events.get(eventId);
    if (counts === undefined) return null;
    const { waits, odds } = counts;
    const some = waits.inside + waits.earlier + waits.later > 0;
    return {
      inside: some ? shareInside(waits) : null,
      waits: {
        inside: Math.round(waits.inside),
        earlier: Math.round(waits.earlier),
        later: Math.round(waits.later),
      },
      odds: [...odds]
        .sort(([a], [b]) => a - b)
        .map(([percent, { fans, letIn }]) => ({ percent, fans: Math.round(fans), letIn: Math.round(letIn) })),
    };
  }

  #judgeOdds(eventId: string, counts: Counts, odds: Odds | null, letIn: boolean): void {
    if (odds === null) return;
    const percent = odds.bound === 'under' ? 0 : odds.bound === 'over' ? 100 : odds.percent;
    const bucket = counts.odds.get(percent) ?? { fans: 0, letIn: 0 };
    counts.odds.set(percent, {
      fans: bucket.fans * FADES + 1,
      letIn: bucket.letIn * FADES + (letIn ? 1 : 0),
    });
    this.#onOdds(eventId, percent, letIn);
  }

  #of(eventId: string): Counts {
    let counts = this.#events.get(eventId);
    if (counts === undefined) {
      counts = { waits: { inside: 0, earlier: 0, later: 0 }, odds: new Map() };
      this.#events.set(eventId, counts);
      if (this.#events.size > limits.eventsKeptMax) this.#events.delete(this.#events.keys().next().value!);
    }
    return counts;
  }
}

const FADES = 1 - 1 / limits.calibrationFans;

const shareInside = ({ inside, earlier, later }: Record<Came, number>): number =>
  inside / (inside + earlier + later);

/** What is kept of a status or a message: undefined when it says neither wait nor odds. */
export function outlookIn(
  { wait, odds }: Pick<Extract<PlaceStatus, { state: 'waiting' }>, 'wait' | 'odds'>,
  atMs: number,
): Outlook | undefined {
  return wait === null && odds === null ? undefined : { atMs, wait, odds };
}
