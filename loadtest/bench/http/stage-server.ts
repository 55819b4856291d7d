import { requireToken } from '@onsale/booking-core/service/rights';
import { type Listening, serverPart } from '@onsale/booking-core/service/server';
import { createHold, type Hold } from '@onsale/shared/http/holds';
import { createApp } from '@onsale/shared/service/app';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { Hono } from 'hono';

/**
 * The route that makes a hold, with one stage more each time and an answer that is always the same: what is left out is
 * what the next one costs. A process of its own: stage-server.ts <stage> <port>, with HMAC_KEYS.
 */
const HOLD: Hold = {
  holdId: '00000000-0000-8000-8000-000000000000',
  eventId: 'on-sale',
  state: 'held',
  tickets: [
    {
      ticketId: 1,
      tierId: 'general',
      section: null,
      row: null,
      seat: null,
      priceMinor: 10_000,
      feeMinor: 0,
      taxMinor: 0,
      totalMinor: 10_000,
    },
  ],
  totalMinor: 10_000,
  currency: 'USD',
  expiresAtMs: 1,
  serverTimeMs: 1,
};

const report = (fault: unknown): void => console.error(fault);

const stages: Record<string, () => Listening['app']> = {
  /** Nothing but Hono: the limit. */
  empty: () => new Hono().post('/api/v1/events/:eventId/holds', (c) => c.json({ ok: true }, 201)),
  /** Our app around the route, its path, headers and body read and validated. */
  body: () => {
    const app = createApp(report, { trustRequestId: true });
    app.openapi(createHold, (c) => c.json(HOLD, 201));
    return app;
  },
  /** And whose it is. */
  session: () => {
    const app = createApp(report, { trustRequestId: true });
    app.use(createHold.getRoutingPath(), requireToken(keyringOf(process.env.HMAC_KEYS!), 'session'));
    app.openapi(createHold, (c) => c.json(HOLD, 201));
    return app;
  },
};

const [, , stage, port] = process.argv;
await serverPart({ name: stage!, app: stages[stage!]!(), host: '127.0.0.1', port: Number(port) }).start();
process.once('SIGTERM', () => process.exit(0));
