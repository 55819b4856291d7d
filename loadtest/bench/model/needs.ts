/** What single things cost, as the laws tell it for the size that is asked about. CPU in µs, memory in bytes. */
export interface Costs {
  readonly gateway: {
    readonly join: number;
    readonly status: number;
    /** One socket told another place. */
    readonly push: number;
    readonly socketBytes: number;
  };
  readonly redis: {
    readonly join: number;
    readonly status: number;
    readonly poll: number;
    /** A tick of the one room that everybody waits in. */
    readonly tick: number;
    /** All who wait in one line. */
    readonly lineBytes: number;
  };
  readonly core: { readonly purchase: number };
  readonly postgres: { readonly purchase: number; readonly hold: number };
}

/** What comes. */
export interface Demand {
  readonly fans: number;
  readonly requestsPerSecond: number;
  /** Of the requests, joins; the rest asks for a status. */
  readonly joinPart: number;
  /** How often a waiting fan is told another place. */
  readonly pushesPerFanPerSecond: number;
  readonly purchases: number;
  readonly purchasesWithinSeconds: number;
}

/** What is counted on. */
export interface Assumed {
  /** Part of a core that is used: the rest is for what is uneven. */
  readonly busy: number;
  readonly socketsPerGateway: number;
  readonly pollsPerSecond: number;
  readonly ticksPerSecond: number;
  readonly coresPerPostgres: number;
}

export interface Need {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

const GIB = 2 ** 30;

/** Processes, nodes and time that a demand takes. A gateway, and a Redis, is a process of one core. */
export function needsOf(costs: Costs, demand: Demand, assumed: Assumed): Need[] {
  const { gateway, redis, core, postgres } = costs;
  const { fans, requestsPerSecond, joinPart } = demand;
  const coresFor = (microsPerSecond: number): number => microsPerSecond / 1e6 / assumed.busy;
  const mixed = ({ join, status }: { join: number; status: number }): number =>
    requestsPerSecond * (joinPart * join + (1 - joinPart) * status);

  const forRequests = coresFor(mixed(gateway));
  const forPushes = coresFor(fans * demand.pushesPerFanPerSecond * gateway.push);
  const forSockets = fans / assumed.socketsPerGateway;
  const gateways = Math.max(Math.ceil(forRequests + forPushes), Math.ceil(forSockets));

  const besideJoins =
    (assumed.ticksPerSecond * redis.tick + gateways * assumed.pollsPerSecond * redis.poll) / 1e6;
  const joinsOfOneEvent = (Math.max(0, assumed.busy - besideJoins) * 1e6) / redis.join;

  const purchasesPerSecond = demand.purchases / demand.purchasesWithinSeconds;
  const postgresCores = coresFor(purchasesPerSecond * postgres.purchase);
  return [
    { name: 'gateways: cores for the requests', unit: 'cores', value: forRequests },
    { name: 'gateways: cores for the pushes', unit: 'cores', value: forPushes },
    { name: 'gateways: processes for the sockets', unit: 'processes', value: Math.ceil(forSockets) },
    { name: 'gateways in all', unit: 'processes', value: gateways },
    { name: 'gateways: memory of the sockets', unit: 'GiB', value: (fans * gateway.socketBytes) / GIB },
    {
      name: 'Redis: nodes for the requests, of many events',
      unit: 'nodes',
      value: Math.ceil(coresFor(mixed(redis))),
    },
    { name: 'Redis: memory of one line', unit: 'GiB', value: redis.lineBytes / GIB },
    { name: 'Redis: part of its node that one event takes beside joins', unit: '×', value: besideJoins },
    { name: 'Redis: joins that the node of one event takes', unit: 'joins/s', value: joinsOfOneEvent },
    {
      name: 'Redis: until all have joined one event',
      unit: 's',
      value: joinsOfOneEvent > 0 ? fans / joinsOfOneEvent : Number.MAX_SAFE_INTEGER,
    },
    {
      name: 'core: cores for the purchases',
      unit: 'cores',
      value: coresFor(purchasesPerSecond * core.purchase),
    },
    { name: 'Postgres: cores for the purchases', unit: 'cores', value: postgresCores },
    {
      name: 'Postgres: nodes for the purchases',
      unit: 'nodes',
      value: Math.ceil(postgresCores / assumed.coresPerPostgres),
    },
    {
      name: 'Postgres: holds in full batches that one core takes',
      unit: 'holds/s',
      value: (assumed.busy * 1e6) / postgres.hold,
    },
  ];
}
