import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from './env.ts';

/** What a process says of itself on its internal port: `/healthz` (200 while it can do its work) and `/metrics`. */
export interface Vitals {
  /** Names what is away, or nothing. Answers fast: it is asked every few seconds. */
  ailing(): Promise<string[]>;
  /** Prometheus text. */
  metrics(): Promise<string>;
}

export function addVitals(app: OpenAPIHono<AppEnv>, vitals: Vitals): void {
  app.get('/healthz', async (c) => {
    const ailing = await vitals.ailing();
    return c.json({ ok: ailing.length === 0, ailing }, ailing.length === 0 ? 200 : 503);
  });
  app.get('/metrics', async (c) => c.text(await vitals.metrics()));
}
