import { conditionalUpdate } from '../../baselines/conditional-update.ts';
import { pools } from '../../baselines/pools.ts';
import { poolsBest } from '../../baselines/pools-best.ts';
import { queueAndPoll } from '../../baselines/queue-and-poll.ts';
import { redisCounter } from '../../baselines/redis-counter.ts';
import { redisLock } from '../../baselines/redis-lock.ts';
import { rowLock } from '../../baselines/row-lock.ts';
import { rowLockBest } from '../../baselines/row-lock-best.ts';
import { seatCompareAndSet } from '../../baselines/seat-compare-and-set.ts';
import type { Strategy } from '../../baselines/strategy.ts';
import { onsale } from './core.ts';

export const ours = onsale({ instances: 1 });
export const oursTwice = onsale({ instances: 2 });

/** Designs that a promise is made against. */
export const promised = { rowLock, rowLockBest, pools, poolsBest } as const;

/** Designs whose figures are only shown: a further one is one file of loadtest/baselines and one line here. */
export const shown: readonly Strategy[] = [
  conditionalUpdate,
  seatCompareAndSet,
  redisLock,
  redisCounter,
  queueAndPoll,
];

export const baselines: readonly Strategy[] = [...Object.values(promised), ...shown];
