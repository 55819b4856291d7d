import type { Room } from '@onsale/shared/http/internal';
import { type Lane, lanes } from '@onsale/shared/lanes';
import type { Snapshot } from '@onsale/shared/snapshot';

/** Fans who are let in until a place has been, he among them; and those of other lanes among these. */
export interface Ahead {
  readonly all: number;
  readonly others: number;
}

/**
 * How many fans are let in until a place has been, he among them: those ahead in his lane who are there, and meanwhile, of
 * each other lane, its share while somebody waits in it. The shorter a lane is, against what it had
 * in the last minute, the more its fans are let in as they come: it goes on having as many.
 */
export function admissionsUntil(
  { place, lane }: { place: number; lane: Lane },
  { priorityPercent, returningPercent }: Pick<Room, 'priorityPercent' | 'returningPercent'>,
  snapshot: Snapshot,
): Ahead {
  const { pace, crowd } = snapshot.forecast;
  const { turnout, byLane } = crowd;
  const letIn = pace?.perMinute ?? snapshot.admittedLastMinute;
  const share = {
    priority: priorityPercent,
    returning: returningPercent,
    general: 100 - priorityPercent - returningPercent,
  };
  const own = 1 + (place - 1) * turnout;
  let all = own;
  // What comes meanwhile depends on how long it takes, and that on what comes: three rounds settle it.
  for (let round = 0; round < 3; round += 1) {
    let sum = own;
    for (const other of lanes) {
      if (other === lane) continue;
      const { waiting } = snapshot.lanes[other];
      const perMinute = byLane[other] * letIn;
      // In quarters: a short lane's length changes with every tick, and what is told is not to.
      const minutes = Math.round((4 * waiting) / Math.max(1e-9, perMinute)) / 4;
      const there = minutes < 1 ? minutes * perMinute : waiting;
      const coming = minutes < 1 ? all * byLane[other] * (1 - minutes) : 0;
      const most = share[lane] === 0 ? Number.POSITIVE_INFINITY : (own * share[other]) / share[lane];
      sum += Math.min(most, there * turnout + coming);
    }
    all = sum;
  }
  return { all, others: all - own };
}
