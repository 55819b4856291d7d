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
  /** Longest ETag that a client may ask with, in characters. */
  etagMaxChars: 1_000,
  /** Longest buyer name and mail address, in characters. */
  buyerNameMaxChars: 120,
  buyerEmailMaxChars: 254,
  /** Latest moment that is taken from outside: the end of the year 9999. */
  timeMaxMs: 253_402_300_799_999,
  /** Longest reason an operator gives, in characters. */
  whyMaxChars: 500,
  /** Tickets in one hold, whatever an event's own limit says. */
  holdQuantityMax: 20,
  /** Largest ticket id: Postgres's integer. */
  ticketIdMax: 2_147_483_647,
  /** Largest amount of money that is asked about, in minor units: Postgres's integer. */
  amountMaxMinor: 2_147_483_647,
  /** Longest name of a section, in characters. */
  sectionMaxChars: 80,

  /** Admission: one tick of every room that somebody is in, or waits for. */
  tickMs: 200,
  /** And of one that nobody is in: a join, and a change of policy, wake it. */
  quietTickMs: 1_000,
  /** A scheduler silent for this many ticks is made anew by any worker: before the credit of the room is full. */
  silentTicks: 2,
  /** How often a worker looks for silent schedulers and new rooms. */
  schedulerCheckMs: 100,
  /** BullMQ lock and stall times follow the tick, not its default of 30 s. */
  tickLockMs: 2_000,
  tickStalledCheckMs: 1_000,
  /** Pause of a worker before it asks Redis again after a fault, and between two attempts to connect, at most. */
  redisRetryMs: 500,
  /** Rooms ticked side by side by one worker process. */
  tickConcurrency: 8,
  /** Places in one admitted batch. */
  batchMaxPlaces: 500,
  /** Batches that one tick takes, records and offers, one after the other: as many as the fullest credit of the highest rate needs. */
  batchesPerTickMax: 12,
  /** Rate credit never exceeds this span of the rate: a pause is followed by no burst, and no minute sees 1 % more. */
  rateCreditMs: 600,
  /** A shopper who claimed within this span and has not taken any is about to: the free stock is kept for them first. */
  freshShopperMs: 15_000,
  /** Tickets of holds that end within this span count as free for who is let in now. */
  returnsAheadMs: 3_000,
  /** How far back a forecast remembers: what it follows at once, and what it rests on. */
  paceRecentMs: 60_000,
  paceLongMs: 360_000,
  /** In how short a time it follows that admission waits for tickets to come back, or goes on. */
  paceStallMs: 5_000,
  /** Fans whose turns are over, from which what a fan buys is told. */
  perFanMin: 30,
  /** Of how many such fans the memory is: what those before them bought fades. */
  perFanMemory: 2_000,
  /** How often the core reads it, and of how many batches at a time. */
  habitsEveryMs: 1_000,
  habitsPageBatches: 250,
  /** Of about how many fans a gateway says whether their waits and odds were what they had been told. */
  calibrationFans: 2_000,
  /** How often a worker reads all rooms from the core: a change that nobody copied to Redis, or a lost copy, is there after this. */
  roomsReadEveryMs: 500,
  /** Places judged by one run of the standing script: while it runs, Redis does nothing else. */
  standingsPerScript: 100,
  /** Joins judged by one run of the join script, one after the other; and networks, or fans, counted by one run of theirs. */
  joinsPerScript: 200,
  /** Questions of one kind and event that wait in one process to be asked together; a further one is refused as overloaded. */
  gatheredMax: 20_000,
  /** How often a fan may be admitted to one event. */
  turnsMax: 2,
  /** Policies a room may be given. */
  ratePerMinuteMax: 600_000,
  capacityMax: 1_000_000,
  claimWindowMinMs: 1_000,
  claimWindowMaxMs: 3_600_000,
  sessionTtlMinMs: 1_000,
  sessionTtlMaxMs: 14_400_000,
  /** A session may be renewed once a turn: by this part of the room's session time, and at most this. */
  sessionRenewalPercent: 50,
  sessionRenewalMaxMs: 600_000,
  holdTtlMinMs: 1_000,
  holdTtlMaxMs: 3_600_000,
  /** A hold may be extended once, by half of its time and at most this; and no hold lives longer than that, whatever is done. */
  holdExtensionMaxMs: 300_000,
  holdLifetimeMaxMs: 3_900_000,
  /** Tickets an operator blocks or unblocks in one go. */
  stockMoveMaxTickets: 500,
  /** Tickets an operator gives away in one order. */
  compMaxTickets: 50,
  /** Holds or orders on one page of what an operator looks for, and entries of an order's audit that he is shown. */
  deskPageMax: 20,
  trailMax: 100,

  /** The most that the lanes beside the general one may have of the admissions, each: none starves another. */
  laneShareMaxPercent: 45,
  /** What operators tell waiting fans: characters of one text, and languages. */
  roomMessageMaxChars: 500,
  roomMessageMaxLanguages: 12,
  /** Longest code of an invitation that is read, in characters: with hyphens and blanks. */
  invitationCodeMaxChars: 100,
  /** Invitations made by one request, those on one page of the list, and uses of one. */
  invitationBatchMax: 200,
  invitationPageMax: 100,
  invitationUsesMax: 1_000_000,
  /** What an invitation is labelled with, and whom it is for, in characters. */
  invitationLabelMaxChars: 80,
  invitationSubjectMaxChars: 120,
  /** Batches of admitted places on one page of the export. */
  admissionBatchesPageMax: 10,
  /**
   * Presence is kept for so many places of a lane's front, or for those that this span of the rate lets in, whichever is more;
   * who was not seen there for so long is passed over.
   */
  presencePlaces: 5_000,
  presenceSpanMs: 3_000,
  presenceTtlMs: 30_000,
  /** A gateway says so often which of its sockets are there, and of each again after this long. */
  presenceEveryMs: 1_000,
  presenceRefreshMs: 10_000,
  /** Fans passed over by one take at most: while it runs, Redis does nothing else. */
  passedOverMax: 1_000,
  /** How long a room that was lost gathers its places before anybody is admitted or shown one. */
  healMs: 15_000,
  /** Fans whose last told place one gateway process keeps, for while the line is away. */
  placesToldMax: 50_000,
  /** While the line is away and a room says *open*: joins that wait for their record, per event and process, and how long they gather. */
  openJoinsMax: 2_000,
  openGatherMs: 50,
  /** Networks counted by one gateway process while Redis is away. */
  networksKeptMax: 100_000,
  /** Turns that the core tells in one page. */
  turnsPageMax: 5_000,

  /**
   * The room's snapshot, for each lane: an exact front, and behind it sampled places whose distance is never more than
   * snapshotStepPlaces or snapshotStepPerMille of the place; further apart only where the line is longer than snapshotSamples reach.
   */
  snapshotFrontPlaces: 1_000,
  snapshotSamples: 2_300,
  snapshotStepPlaces: 8,
  snapshotStepPerMille: 4,
  /**
   * The samples are taken anew after so long; and sooner when so many have left from between them, or the whole line has moved
   * up by so many places, that the bound of 10 places or 0.5 % above the true place would not hold.
   */
  samplesEveryMs: 1_000,
  samplesLeftMax: 2,
  samplesPassedMax: 200,
  /** How often a gateway reads the snapshots of the rooms its sockets wait in. */
  snapshotPollMs: 100,
  /**
   * Single questions about places of one event are asked together, once in so long; joins, and the bounds of networks and fans, when
   * those before are answered, or after so long.
   */
  gatherMs: 10,
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
  /** Fans who wait while all is held are told anew how many may come back, and by when, so often at most. */
  comeBackToldEveryMs: 10_000,
  /** Fans of a gateway that goes come back to the others within this span, spread evenly. */
  reconnectSpreadMs: 3_000,
  /** How long a going gateway waits until its sockets have heard of it. */
  farewellMs: 1_000,
  /** How often a going process looks for connections that have turned idle, and when it cuts those that have not. */
  drainSweepMs: 50,
  drainRequestsMs: 8_000,

  /** Connections of one gateway process, sockets among them. */
  connectionsMax: 25_000,
  /** Connections that wait to be taken: when all sockets come back at once, further ones would be tried again after seconds. */
  connectionsWaitingMax: 4_096,
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
  /** How often a core process says that it still walks its part of the stock, and after how long of silence another may. */
  walkRenewMs: 60_000,
  walkStaleMs: 300_000,
  /** Into how many sides processes that take seats from each other divide a venue at most, and after how long without a loss into half as many. */
  sidesMax: 16,
  sideQuietMs: 10_000,
  /** Times a hold whose candidates were lost is proposed again before the database is asked with certainty. */
  claimRetries: 3,

  /** Answer of the core waited for by the gateway, and of the payment provider by the core. */
  coreTimeoutMs: 10_000,
  /** Connections of one gateway process to the core: so many that slow payments do not keep them from holds. */
  coreConnections: 1_000,
  /** Requests that are on them or wait for one; a further one is refused as overloaded. */
  coreRequestsMax: 5_000,
  /** How long making one may take. */
  coreConnectTimeoutMs: 2_000,
  /** Largest answer of the core that is read, in bytes. */
  coreAnswerMaxBytes: 1024 * 1024,
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
  /** Connections of one core process to Stripe; its calls beyond wait for one of them. */
  stripeConnectionsMax: 40,
  /** Refunds of one payment that are read at Stripe, its largest page: more than a payment has tickets. */
  stripeRefundsRead: 100,
  /** A webhook signed longer ago than this, or so far ahead, is refused. */
  webhookToleranceMs: 300_000,
  /** The sandbox provider's webhooks: how often it sends, how many at a time, when it tries again, and how late a late one is. */
  sandboxDeliverEveryMs: 1_000,
  sandboxDeliveriesMax: 50,
  sandboxRetryMs: 5_000,
  sandboxLateMs: 20_000,
  /** Mail: how often due ones are looked for, how many a worker takes at a time and in one run, and sends side by side. */
  mailEveryMs: 1_000,
  mailBatchMax: 20,
  mailBatchesMax: 25,
  mailConnectionsMax: 4,
  /** How long handing one mail over may take. */
  mailTimeoutMs: 10_000,
  /** Pause before it is tried again: doubled every time up to the second; and after how many attempts it is given up, half a day later. */
  mailRetryMs: 60_000,
  mailRetryMaxMs: 3_600_000,
  mailAttemptsMax: 16,
  /** Orders listed in one mail of links; and the span in which an address is sent one such mail, so four in any hour at most. */
  orderLinksMax: 50,
  orderLinksSpanMs: 1_200_000,
  /** A chore whose worker died is found by another after this long. */
  choreLockMs: 10_000,
  /** Housekeeping only tidies: expired holds older than this are removed when no order stands on them. */
  tidyEveryMs: 60_000,
  tidyAfterMs: 86_400_000,
  tidyBatchMax: 5_000,
  /** Stock is counted at most this often per event and core process. */
  stockMaxAgeMs: 200,
  /** How old the stock may be that goes with a refusal for the buyer's limit: it says what is left, and decides nothing. */
  refusalStockMaxAgeMs: 2_000,
  /** Sections whose seats one gateway process keeps: some 40 kB each. */
  sectionsKeptMax: 500,
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
  /** Those of them that stay open however long nobody asks: a hold after a quiet minute does not wait for a new one. */
  coreConnectionsKept: 4,
  sqlLockTimeoutMs: 3_000,
  sqlStatementTimeoutMs: 10_000,
  /** One statement of putting the programme on sale, a wait for another process that does the same included. */
  seedMs: 120_000,
  /** A transaction whose process stands still between two statements is ended, and its locks with it. */
  sqlIdleTransactionMs: 10_000,
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
  /** Requests of one fan in a minute, by kind, and how many of them at once: over both tabs and all gateways. */
  fanJoinsPerMinute: 30,
  fanJoinsAtOnce: 15,
  fanStatusPerMinute: 240,
  fanStatusAtOnce: 60,
  fanClaimsPerMinute: 30,
  fanClaimsAtOnce: 15,
  fanBookingsPerMinute: 240,
  fanBookingsAtOnce: 60,
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

  /** Rehearsals: tiers of one, its tickets in all, and how long Redis keeps the line of one that was ended. */
  rehearsalTiersMax: 20,
  rehearsalTicketsMax: 100_000,
  rehearsalEndedKeptMs: 60_000,
  /** A load-test token lives so long at most, and names so many blocks of addresses, none longer than this in characters. */
  loadTestTokenTtlMaxMs: 14_400_000,
  loadTestBlocksMax: 8,
  loadTestBlockMaxChars: 43,
} as const;

const relations: ReadonlyArray<readonly [boolean, string]> = [
  [
    limits.tickLockMs >= limits.tickMs * 5,
    'a tick must be able to overrun several times before its lock is lost',
  ],
  [
    limits.quietTickMs >= limits.tickMs && limits.quietTickMs <= 1_000,
    'a change that wakes nobody must be in force within a second',
  ],
  [limits.tickStalledCheckMs <= limits.tickLockMs, 'a stalled tick must be found within one lock'],
  [
    limits.silentTicks * limits.tickMs + limits.schedulerCheckMs < limits.rateCreditMs,
    'a silent room must tick again before its credit is full, or the rate is lost',
  ],
  [
    limits.batchesPerTickMax * limits.batchMaxPlaces >=
      (limits.ratePerMinuteMax * limits.rateCreditMs) / 60_000,
    'one tick must be able to admit the fullest credit of the highest rate',
  ],
  [
    limits.presenceSpanMs >= 2 * (limits.presenceEveryMs + limits.tickMs),
    'who comes into the front must be said to be there before his turn, also when that fails once',
  ],
  [
    limits.returnsAheadMs <= limits.lapseAheadMs,
    'what counts as coming back must not be about to be paid for',
  ],
  [
    limits.rateCreditMs >= limits.tickMs * 2 && limits.rateCreditMs <= 60_000,
    'credit must outlast a late tick, and leave the minute something to flow in',
  ],
  [limits.rateCreditMs <= 600, 'no minute may see more than 1 % beyond its rate'],
  [limits.laneShareMaxPercent * 2 < 100, 'the general lane must have a share'],
  [
    limits.presenceRefreshMs + limits.presenceEveryMs < limits.presenceTtlMs / 2,
    'a fan who is there must be said to be, twice, before he is passed over',
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
  [
    limits.coreTimeoutMs < limits.healMs,
    'a batch that was on its way to the core at a loss must be recorded before its turns are asked for again',
  ],
  [limits.coreConnectTimeoutMs < limits.coreTimeoutMs, 'a connection must be given up before its request'],
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
    limits.internalBodyMaxBytes >= limits.invitationBatchMax * (limits.invitationSubjectMaxChars * 3 + 200),
    'the most invitations that are made at once must fit in the body that writes them down',
  ],
  [
    limits.coreAnswerMaxBytes >= limits.admissionBatchesPageMax * limits.batchMaxPlaces * 160,
    'a page of full batches must fit in an answer',
  ],
  [
    limits.farewellMs + limits.drainRequestsMs < limits.drainMs,
    'a request that does not end must be cut before its process is',
  ],
  [
    limits.stripeRefundsRead >= limits.holdQuantityMax,
    'a refund of every ticket must be found among those that are read',
  ],
  [
    limits.mailRetryMs > Math.ceil(limits.mailBatchMax / limits.mailConnectionsMax) * limits.mailTimeoutMs,
    'a batch of mails must be sent before another worker may take them',
  ],
  [limits.tidyAfterMs >= 86_400_000, 'an Idempotency-Key must be known for a day'],
  [limits.walkRenewMs * 2 < limits.walkStaleMs, 'a process that lives must keep its part of the stock'],
  [limits.sqlLockTimeoutMs < limits.sqlStatementTimeoutMs, 'a lock must be given up before its statement'],
];
for (const [holds, why] of relations) if (!holds) throw new Error(`limits.ts: ${why}`);
