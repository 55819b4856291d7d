import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface GatewayMetrics {
  readonly registry: Registry;
  request(about: { method: string; route: string; status: number; seconds: number }): void;
  push(type: string, sockets: number): void;
  limited(by: string): void;
  loadTest(outcome: string): void;
  letInOpenly(fans: number): void;
  waitCame(event: string, came: 'inside' | 'earlier' | 'later', share: number): void;
  oddsCame(event: string, percent: number, letIn: boolean): void;
  /** Where the number of open sockets is read when somebody asks. */
  countSockets(count: () => number): void;
}

/** What `/metrics` of the gateway says. Routes are templates, so that no fan and no order makes a series of its own. */
export function gatewayMetrics(): GatewayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const requests = new Histogram({
    name: 'onsale_gateway_request_seconds',
    help: 'Time to the answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  // To find a series by its labels is most of what observing costs. There are few: routes are templates.
  const seriesOf = new Map<string, ReturnType<typeof requests.labels>>();
  const pushes = new Counter({
    name: 'onsale_gateway_pushes_total',
    help: 'Messages to sockets, by type',
    labelNames: ['type'],
    registers,
  });
  const limited = new Counter({
    name: 'onsale_gateway_limited_total',
    help: 'Requests refused because there were too many, of their network or of a kind of one fan',
    labelNames: ['by'],
    registers,
  });
  const loadTests = new Counter({
    name: 'onsale_gateway_load_test_requests_total',
    help: 'Requests that came with a load-test token: counted by the address they name, or refused',
    labelNames: ['outcome'],
    registers,
  });
  const open = new Counter({
    name: 'onsale_gateway_let_in_openly_total',
    help: 'Fans let in without a line, in rooms that say so for the time that Redis is away',
    registers,
  });
  const waits = new Counter({
    name: 'onsale_gateway_waits_told_total',
    help: 'Waits that are over, of fans with sockets: inside the range first told, earlier, or later',
    labelNames: ['event', 'came'],
    registers,
  });
  const calibration = new Gauge({
    name: 'onsale_gateway_wait_calibration',
    help: 'Share of the last waits that were inside the range told; 0.9 is right',
    labelNames: ['event'],
    registers,
  });
  const odds = new Counter({
    name: 'onsale_gateway_odds_told_total',
    help: 'Fans with sockets by the odds first told, in percent (0: under 5, 100: over 95), and whether they were let in',
    labelNames: ['event', 'percent', 'letIn'],
    registers,
  });
  let count = (): number => 0;
  new Gauge({
    name: 'onsale_gateway_sockets',
    help: 'Open sockets',
    registers,
    collect() {
      this.set(count());
    },
  });

  return {
    registry,
    request: ({ method, route, status, seconds }) => {
      const key = `${method} ${status} ${route}`;
      let series = seriesOf.get(key);
      if (series === undefined) {
        series = requests.labels({ method, route, status: String(status) });
        seriesOf.set(key, series);
      }
      series.observe(seconds);
    },
    push: (type, sockets) => pushes.inc({ type }, sockets),
    limited: (by) => limited.inc({ by }),
    loadTest: (outcome) => loadTests.inc({ outcome }),
    letInOpenly: (fans) => open.inc(fans),
    waitCame(event, came, share) {
      waits.inc({ event, came });
      calibration.set({ event }, share);
    },
    oddsCame: (event, percent, letIn) => odds.inc({ event, percent: String(percent), letIn: String(letIn) }),
    countSockets(read) {
      count = read;
    },
  };
}
