import { serve } from '@hono/node-server';
import { createApp } from '@onsale/shared/service/app';
import { addVitals } from '@onsale/shared/service/internal-app';
import type { LifecycleLog, Part } from '@onsale/shared/service/lifecycle';
import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';

/** The internal port of a process of the gateway: `/healthz`, ailing while Redis is away, and `/metrics`. */
export function vitalsPart(
  at: { host: string; port: number },
  redis: Redis,
  registry: Registry,
  log: LifecycleLog,
): Part {
  return {
    name: 'vitals',
    async start() {
      const app = createApp((error, about) => log.error({ error, ...about }, 'a request failed'));
      addVitals(app, {
        ailing: async () => (redis.status === 'ready' ? [] : ['redis']),
        metrics: () => registry.metrics(),
      });
      const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
        const listening = serve({ fetch: app.fetch, hostname: at.host, port: at.port }, () =>
          resolve(listening),
        );
      });
      return async () => void server.close();
    },
  };
}
