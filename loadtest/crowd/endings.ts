/** How a simulated fan's sale ended. Every fan has exactly one ending. */
export const endings = [
  /** Has tickets. */
  'bought',
  /** Was told that every ticket is sold. */
  'toldSoldOut',
  /** Held tickets and was never seen again: nothing released, nothing left. */
  'vanished',
  /** Left on purpose, from the line or with a hold, which he released. */
  'gaveUp',
  /** Was offered his turn and did not come. */
  'noShow',
  /** Every payment was declined. */
  'declined',
  /** Paid too late, and was given the money back. */
  'moneyBack',
  /** Was told that he had all his turns. */
  'turnsSpent',
  /** Waited until the crowd's deadline and was told nothing final: a fault of the sale. */
  'unanswered',
  /** Got an answer that is not documented, or that breaks a promise: a fault of the sale. */
  'wronged',
] as const;
export type Ending = (typeof endings)[number];

/** How one session ended. `turnOver`: before the fan had what he came for. `again`: the hold is gone, the session is not. */
export type Shopped = Ending | 'turnOver' | 'again';

/** Where a fan is before his ending. */
export const phases = ['coming', 'waiting', 'shopping'] as const;
export type Phase = (typeof phases)[number];
