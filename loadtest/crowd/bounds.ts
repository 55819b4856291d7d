/** Every bound of the simulated crowd. */
export const bounds = {
  /** HTTP connections of the whole crowd; requests beyond wait for one. */
  connectionsMax: 128,
  /** Socket.IO handshakes at once. */
  handshakesMax: 64,
  /** One HTTP request waits this long for its answer. */
  requestTimeoutMs: 15_000,
  /** A fan repeats a request that finds nobody for this long, then is left without an answer. */
  answerWithinMs: 60_000,
  /** Back-off: doubles from the first to the last, half of it by lot. */
  backOffFirstMs: 100,
  backOffLastMs: 3_000,
  /** Pause before a fan looks again whether held tickets came back. */
  lookAgainMs: 700,
  /** Payments one fan tries when they are declined. */
  paymentsMax: 3,
  /** Between polls of the status, when the answer does not say. */
  pollMs: 2_000,
  /** Different errors that are kept with their texts; all are counted. */
  errorsKept: 50,
} as const;
