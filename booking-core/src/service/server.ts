import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { limits } from '@onsale/shared/limits';
import type { Part } from '@onsale/shared/service/lifecycle';
import { PlainResponse } from '@onsale/shared/service/plain-response';

export interface Listening {
  readonly name: string;
  readonly app: { fetch(request: Request): Response | Promise<Response> };
  readonly host: string;
  readonly port: number;
}

/** A port as a part of a process: it stops taking requests first, and ends when those in flight are answered. */
export function serverPart({ name, app, host, port }: Listening): Part {
  return {
    name,
    async start() {
      const server = createAdaptorServer({
        fetch: app.fetch,
        serverOptions: {
          ServerResponse: PlainResponse,
          keepAliveTimeout: limits.keepAliveMs,
          headersTimeout: limits.headersTimeoutMs,
          requestTimeout: limits.requestTimeoutMs,
        },
      }) as Server;
      server.listen(port, host);
      await once(server, 'listening');
      return async () => {
        const closed = once(server, 'close');
        server.close();
        // A connection that is kept alive turns idle only when its answer is out.
        const sweep = setInterval(() => server.closeIdleConnections(), limits.drainSweepMs);
        await closed;
        clearInterval(sweep);
      };
    },
  };
}
