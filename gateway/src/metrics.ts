import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface GatewayMetrics {
  readonly registry: Registry;
  request(about: { method: string; route: string; status: number; seconds: number }): void;
  push(type: string): void;
  limited(): void;
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
  const pushes = new Counter({
    name: 'onsale_gateway_pushes_total',
    help: 'Messages to sockets, by type',
    labelNames: ['type'],
    registers,
  });
  const limited = new Counter({
    name: 'onsale_gateway_limited_total',
    help: 'Requests refused because their network made too many',
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
    request: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    push: (type) => pushes.inc({ type }),
    limited: () => limited.inc(),
    countSockets(read) {
      count = read;
    },
  };
}
