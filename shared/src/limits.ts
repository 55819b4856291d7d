/**
 * Every bound of the system in one place: queues, batches, bodies, waits, retries. Units are last in the name.
 * The relations that must hold between bounds are asserted at the end of the file, so that a change of one
 * that breaks another stops the process at start.
 */
export const limits = {
  /** Largest request body the gateway and the core read, in bytes. */
  bodyMaxBytes: 16 * 1024,
  /** The same of the core's internal routes: a batch of batchMaxPlaces places fits. */
  internalBodyMaxBytes: 128 * 1024,
  /** Longest Idempotency-Key, in characters (as Stripe's). */
  idempotencyKeyMaxChars: 255,
  /** Longest buyer name and mail address, in characters. */
  buyerNameMaxChars: 120,
  buyerEmailMaxChars: 254,
  /** Latest moment that is taken from outside: the end of the year 9999. */
  timeMaxMs: 253_402_300_799_999,
  /** Longest reason an operator gives, in characters. */
  whyMaxChars: 500,
  /** Tickets in one hold, whatever an event's own limit says. */
  holdQuantityMax: 20,

  /** Admission: one tick of every open room. */
  tickMs: 200,
  /** A scheduler silent for this many ticks is made anew by any worker. */
  silentTicks: 3,
  /** How often a worker looks for silent schedulers and new rooms. */
  schedulerCheckMs: 500,
  /** BullMQ lock and stall times follow the tick, not its default of 30 s. */
  tickLockMs: 2_000,
  tickStalledCheckMs: 1_000,
  /** Pause of a worker before it asks Redis again after a fault, and between two attempts to connect, at most. */
  redisRetryMs: 500,
  /** Rooms ticked side by side by one worker process. */
  tickConcurrency: 8,
  /** Places in one admitted batch. */
  batchMaxPlaces: 500,
  /** Rate credit never exceeds this span of the rate, so a pause is followed by no burst. */
  rateCreditMs: 1_000,
  /** A shopper who claimed within this span is about to take tickets: the free stock is kept for them first. */
  freshShopperMs: 15_000,
  /** Admissions in the last minute from which the pace is measured rather than computed from the policy. */
  paceMeasuredMin: 10,
  /** How often a worker reads all rooms from the core: a change that nobody copied to Redis, or a lost copy, is there after this. */
  roomsReadEveryMs: 500,
  /** Places judged by one run of the standing script: while it runs, Redis does nothing else. */
  standingsPerScript: 100,
  /** How often a fan may be admitted to one event. */
  turnsMax: 2,
  /** Policies a room may be given. */
  ratePerMinuteMax: 600_000,
  capacityMax: 1_000_000,
  claimWindowMinMs: 1_000,
  claimWindowMaxMs: 3_600_000,
  sessionTtlMinMs: 1_000,
  sessionTtlMaxMs: 14_400_000,
  holdTtlMinMs: 1_000,
  holdTtlMaxMs: 3_600_000,
  /** A hold may be extended once, by half of its time and at most this; and no hold lives longer than that, whatever is done. */
  holdExtensionMaxMs: 300_000,
  holdLifetimeMaxMs: 3_900_000,
  /** Tickets an operator blocks or unblocks in one go. */
  stockMoveMaxTickets: 500,

  /** The room's snapshot: exact front and sampled ranks behind it, a fixed size whatever the line's length. */
  snapshotFrontPlaces: 1_000,
  snapshotSamples: 200,
  /** How often a gateway reads the snapshots of the rooms its sockets wait in. */
  snapshotPollMs: 100,
  /** Exact status reads a gateway makes per room and poll, beyond which sockets wait for the next poll. */
  exactReadsPerPoll: 500,
  /** Sockets of one gateway process; a further one is told to come back. */
  socketsMax: 20_000,
  /** How long a socket may take to finish its handshake. */
  socketConnectTimeoutMs: 10_000,
  /** Largest message a socket may send: its token at connect, and nothing afterwards. In bytes. */
  socketMessageMaxBytes: 8 * 1024,
  /** Sockets served before other work of the process has its turn. */
  socketsPerStride: 500,
  /** A fan who was let in is read exactly this often: another tab, at another gateway, may have claimed or left. */
  turnReadMs: 2_000,
  /** Fans of a gateway that goes come back to the others within this span, spread evenly. */
  reconnectSpreadMs: 3_000,
  /** How long a going gateway waits until its sockets have heard of it. */
  farewellMs: 1_000,
  /** How often a going process looks for connections that have turned idle, and when it cuts those that have not. */
  drainSweepMs: 50,
  drainRequestsMs: 8_000,

  /** Connections of one gateway process, sockets among them. */
  connectionsMax: 25_000,
  /** An idle connection is kept longer than a proxy in front keeps it, so that no request meets a closing one. */
  keepAliveMs: 65_000,
  /** How long a request's headers, and the whole request, may take to arrive. */
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  /** Answer of Redis waited for by a request. */
  redisTimeoutMs: 2_000,
  /** Joins of one gateway process that wait for their offer at once; a further one is answered with its place. */
  joinWaitsMax: 200,
  /** Events whose answers, rooms and snapshots one gateway process keeps. */
  eventsKeptMax: 1_000,

  /** Concurrent hold requests of one event are judged together, in one commit. */
  claimBatchMaxHolds: 500,
  /** Batches of one event that one core process has at the database: while one commits, the next is on its way. */
  claimBatchesInFlight: 2,
  /** Holds waiting for their batch in one core process and event; beyond it the request is refused as overloaded. */
  claimQueueMaxHolds: 20_000,
  /** Candidates kept in memory per event and tier. */
  candidatesMax: 60_000,
  /** Times a hold whose candidates were lost is proposed again before the database is asked with certainty. */
  claimRetries: 3,

  /** Answer of the core waited for by the gateway, and of the payment provider by the core. */
  coreTimeoutMs: 10_000,
  /** When a client is told to try again after the core did not answer. */
  coreRetryAfterMs: 1_000,
  providerTimeoutMs: 8_000,
  /** How often a pending charge is asked for while the buyer waits. */
  providerPollMs: 200,
  /** Connections of the sandbox provider, which stands for another system. */
  sandboxConnectionsMax: 4,
  /** A payment with no answer for this long is asked for at the provider by the reconciliation job. */
  reconcileAfterMs: 10_000,
  reconcileEveryMs: 5_000,
  reconcileBatchMax: 100,
  /** An unanswered payment is cancelled at the provider so long before its hold lapses, and this is looked for so often. */
  lapseAheadMs: 3_000,
  lapseEveryMs: 1_000,
  /** A webhook signed longer ago than this, or so far ahead, is refused. */
  webhookToleranceMs: 300_000,
  /** The sandbox provider's webhooks: how often it sends, how many at a time, when it tries again, and how late a late one is. */
  sandboxDeliverEveryMs: 1_000,
  sandboxDeliveriesMax: 50,
  sandboxRetryMs: 5_000,
  sandboxLateMs: 20_000,
  /** A chore whose worker died is found by another after this long. */
  choreLockMs: 10_000,
  /** Housekeeping only tidies: expired holds older than this are removed when no order stands on them. */
  tidyEveryMs: 60_000,
  tidyAfterMs: 86_400_000,
  tidyBatchMax: 5_000,
  /** Stock is counted at most this often per event and core process. */
  stockMaxAgeMs: 200,
  /** Answers about events (names, tiers, availability) are reused this long by one process. */
  eventMaxAgeMs: 1_000,

  /** The core says that it can take no more (pressure 1) when so much waits in it, or its loop is so late. */
  poolWaitingMax: 200,
  claimsWaitingMax: 2_000,
  loopLagMaxMs: 500,
  /** A database that does not answer the health question for so long is away. */
  healthTimeoutMs: 1_000,

  /** Postgres connections of one core process. */
  coreConnectionsMax: 12,
  sqlLockTimeoutMs: 3_000,
  sqlStatementTimeoutMs: 10_000,
  /** Waiting for a connection of the pool, or for a new one. */
  sqlConnectTimeoutMs: 3_000,
  /** Waiting for another process that is migrating. */
  migrateLockTimeoutMs: 60_000,
  /** Deadlocks and serialization failures are run again this often. */
  sqlRetries: 5,
  /** When to come back to a part that is away. */
  retryAfterOutageMs: 2_000,

  /** Requests of one network (IPv4 address, IPv6 /64) to join or claim, per minute. */
  networkRequestsPerMinute: 120,
  /** The window they are counted in, and the slots it is cut in: a request counts until its slot has left the window. */
  networkWindowMs: 60_000,
  networkWindowSlots: 12,
  /** How long a browser stays the same fan: 400 days, the most that browsers keep a cookie. */
  fanCookieMaxAgeS: 34_560_000,

  /** How long a process may take to end after SIGTERM. */
  drainMs: 10_000,
  /** Restarts of one process by bin/up in a minute before it gives up. */
  restartsPerMinuteMax: 10,
  /** Pause before a dead process is started again: doubled with every death in the last minute, up to the second. */
  restartPauseMinMs: 100,
  restartPauseMaxMs: 2_000,
  /** How long the operator token that bin/up prints is good. */
  operatorTokenTtlMs: 86_400_000,
  /** How long a process or server may take from its start to its first healthy answer. */
  startMs: 30_000,

  /** A token's clock may be this far ahead of the reader's. */
  clockSkewMs: 5_000,
  /** Longest token text read at all, in characters. */
  tokenMaxChars: 2_048,
} as const;

const relations: ReadonlyArray<readonly [boolean, string]> = [
  [
    limits.tickLockMs >= limits.tickMs * 5,
    'a tick must be able to overrun several times before its lock is lost',
  ],
  [limits.tickStalledCheckMs <= limits.tickLockMs, 'a stalled tick must be found within one lock'],
  [
    limits.schedulerCheckMs <= limits.tickMs * limits.silentTicks,
    'silence must be looked for as often as it may begin',
  ],
  [
    limits.rateCreditMs >= limits.tickMs * 2 && limits.rateCreditMs <= 60_000,
    'credit must outlast a late tick, and leave the minute something to flow in',
  ],
  [limits.roomsReadEveryMs < 1_000, 'a change of policy must be in force within a second'],
  [
    limits.holdLifetimeMaxMs >= limits.holdTtlMaxMs + limits.holdExtensionMaxMs,
    'the longest hold must have an extension too',
  ],
  [limits.snapshotPollMs <= limits.tickMs, 'every tick must be seen by the gateways'],
  [
    limits.providerTimeoutMs < limits.coreTimeoutMs,
    'the gateway must outwait the core, and the core the provider',
  ],
  [limits.lapseEveryMs * 2 < limits.lapseAheadMs, 'a lapse must be seen before it comes'],
  [limits.reconcileAfterMs > limits.providerTimeoutMs, 'reconciliation must not overtake a call in flight'],
  [
    limits.restartsPerMinuteMax * limits.restartPauseMaxMs < 60_000,
    'ten restarts must fit in a minute, or nobody ever gives up',
  ],
  [
    limits.internalBodyMaxBytes >= limits.batchMaxPlaces * 100,
    'the largest batch must fit in the body that records it',
  ],
  [
    limits.farewellMs + limits.drainRequestsMs < limits.drainMs,
    'a request that does not end must be cut before its process is',
  ],
  [limits.sqlLockTimeoutMs < limits.sqlStatementTimeoutMs, 'a lock must be given up before its statement'],
];
for (const [holds, why] of relations) if (!holds) throw new Error(`limits.ts: ${why}`);
