import { limits } from '@onsale/shared/limits';

/** What tells that the core has more to do than it can. */
export interface Load {
  /** Requests that wait for a connection of the pool. */
  readonly poolWaiting: number;
  /** Claims that wait for their batch. */
  readonly claimsWaiting: number;
  /** How late the process's timers are. */
  readonly loopLagMs: number;
}

/**
 * How loaded the core is, 0 idle to 1 admit nobody: the worst of three shares of what is bearable. The pool and the claims
 * are at 1 with some batches' worth of work waiting, the loop when it is late by limits.loopLagMaxMs.
 */
export function pressureOf({ poolWaiting, claimsWaiting, loopLagMs }: Load): number {
  const worst = Math.max(
    poolWaiting / limits.poolWaitingMax,
    claimsWaiting / limits.claimsWaitingMax,
    loopLagMs / limits.loopLagMaxMs,
  );
  return Math.min(1, Math.max(0, worst));
}
