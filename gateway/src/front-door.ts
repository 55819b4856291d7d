import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { limits } from '@onsale/shared/limits';
import { PlainResponse } from '@onsale/shared/service/plain-response';
import type { Fetch } from './http/measured.ts';
import { openSockets, type SocketNeeds, type Sockets } from './realtime/sockets.ts';

export interface FrontDoor {
  readonly port: number;
  readonly sockets: Sockets;
  /** Lets nobody in any more, tells sockets to come back elsewhere, and waits for the requests in flight. */
  stop(): Promise<void>;
}

/** The public port: HTTP and sockets. */
export async function openFrontDoor(
  fetch: Fetch,
  socketNeeds: SocketNeeds,
  { host, port }: { host: string; port: number },
): Promise<FrontDoor> {
  const server = createAdaptorServer({
    fetch,
    serverOptions: {
      ServerResponse: PlainResponse,
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
    },
  }) as Server;
  server.maxConnections = limits.connectionsMax;
  const sockets = openSockets(server, socketNeeds);
  server.listen({ port, host, backlog: limits.connectionsWaitingMax });
  await once(server, 'listening');

  return {
    port: (server.address() as { port: number }).port,
    sockets,
    stop: () => drain(server, sockets),
  };
}

async function drain(server: Server, sockets: Sockets): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await sockets.stop();
  // A connection that is kept alive turns idle only when its answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), limits.drainSweepMs);
  const cut = setTimeout(() => server.closeAllConnections(), limits.drainRequestsMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
