import { setTimeout as delay } from 'node:timers/promises';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { clock } from '../report/figures.ts';
import type { Moment } from '../report/report.ts';
import { bounds } from './bounds.ts';
import type { Desk } from './desk.ts';

/** Looks at the sale each second, until it is told to stop. */
export interface Watch {
  /** @returns all that was seen. The last of it tells the sale as the load left it, unless the sale was away then. */
  stop(): Promise<Moment[]>;
}

/**
 * A look that fails leaves a gap in the timeline, and the next is taken all the same: the sale may be away for a while, and just
 * then people want to see it come back.
 * @param onMoment hears of each look
 */
export function watchSale(
  desk: Pick<Desk, 'look'>,
  event: string,
  onMoment: (moment: Moment) => void,
): Watch {
  const beganAt = performance.now();
  const stopping = new AbortController();
  const timeline: Moment[] = [];
  const look = async (): Promise<OperatorRoom | undefined> => {
    const atMs = Math.round(performance.now() - beganAt);
    const room = await desk.look(event).catch(() => undefined);
    const moment = momentOf(atMs, room);
    timeline.push(moment);
    onMoment(moment);
    return room;
  };
  const over = (async () => {
    for (let second = 0; !stopping.signal.aborted; second += 1) {
      await look();
      const pause = beganAt + (second + 1) * bounds.lookEveryMs - performance.now();
      await delay(Math.max(0, pause), undefined, { signal: stopping.signal }).catch(() => {});
    }
    await lookAtEnd(look);
  })();
  return {
    async stop() {
      stopping.abort();
      await over;
      return timeline;
    },
  };
}

/**
 * Stock is counted, and the line is looked at, some moments before they are told: the first answer after the end may be of before it.
 * So it is asked again until both are of later, by the clock of the sale; not for long, since one of them may be away.
 */
async function lookAtEnd(look: () => Promise<OperatorRoom | undefined>): Promise<void> {
  const lastAt = performance.now() + bounds.endLooksMs;
  let endedAtMs: number | undefined;
  for (;;) {
    const room = await look();
    endedAtMs ??= room?.serverTimeMs;
    const seenAtMs = Math.min(room?.stock?.asOfMs ?? 0, room?.live?.tickedAtMs ?? 0);
    if ((endedAtMs !== undefined && seenAtMs > endedAtMs) || performance.now() >= lastAt) return;
    await delay(bounds.endLookEveryMs);
  }
}

export function momentOf(atMs: number, room: OperatorRoom | undefined): Moment {
  const live = room?.live ?? null;
  const stock = room?.stock ?? null;
  return {
    atMs,
    waiting: live?.waiting ?? null,
    offered: live?.offers ?? null,
    shopping: live?.sessions ?? null,
    sold: stock?.sold ?? null,
    held: stock?.held ?? null,
    free: stock?.free ?? null,
    ratePerMinute: room?.policy.ratePerMinute ?? null,
    admittedPerMinute: live?.admittedLastMinute ?? null,
    stalenessMs:
      room === undefined || live === null ? null : Math.max(0, room.serverTimeMs - live.tickedAtMs),
  };
}

/** The line that is shown of it. */
export function lineOf({
  atMs,
  waiting,
  offered,
  shopping,
  sold,
  held,
  free,
  admittedPerMinute,
}: Moment): string {
  const told = (value: number | null): string => (value === null ? '?' : String(value));
  return [
    `sale ${clock(atMs / 1_000).padStart(6)}`,
    `waiting ${told(waiting)}`,
    `offered ${told(offered)}`,
    `shopping ${told(shopping)}`,
    `admitted ${told(admittedPerMinute)}/min`,
    `sold ${told(sold)}`,
    `held ${told(held)}`,
    `free ${told(free)}`,
  ].join('  ');
}
