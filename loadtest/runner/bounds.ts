/** How long the runner waits for what, and how often it looks. */
export const bounds = {
  /** An answer of the operator's desk. Setting a stadium up copies 56,000 tickets. */
  deskTimeoutMs: 60_000,
  /** How often it is asked when the sale is away or has too much to do, and how long is waited between. */
  deskTries: 5,
  deskRetryMs: 1_000,
  /** An answer to the look at the sale that is taken each second. */
  lookTimeoutMs: 2_000,
  lookEveryMs: 1_000,
  /** How often, and how long, it is looked at after the load until what it tells is of after the load. */
  endLookEveryMs: 100,
  endLooksMs: 2_000,
  /** How long k6 may take to end after it was told to: iterations under way end, the script's teardown runs. */
  k6EndMs: 30_000,
  /** Clocks further apart than this are said: what compares the two (push staleness) is off by as much. */
  clockToldMs: 50,
  /** How often the sale is asked for its time. */
  clockLooks: 5,
} as const;
