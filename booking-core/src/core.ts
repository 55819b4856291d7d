import type { OpenAPIHono } from '@hono/zod-openapi';
import { createHold } from '@onsale/shared/http/holds';
import { limits } from '@onsale/shared/limits';
import { type AppEnv, createApp, type Report } from '@onsale/shared/service/app';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { openCatalog } from './catalog/catalog.ts';
import { addEventRoutes } from './catalog/routes.ts';
import { openSeats } from './catalog/seats.ts';
import { addCheckInRoutes } from './check-ins/routes.ts';
import { type Database, refusalOf } from './db/database.ts';
import { addDeskRoutes } from './desk/routes.ts';
import { openClaimer } from './holds/claimer.ts';
import { addHoldRoutes } from './holds/routes.ts';
import { openStock } from './inventory/stock.ts';
import type { CoreMetrics } from './metrics.ts';
import { addRefundRoutes } from './orders/internal-routes.ts';
import { onSale } from './orders/on-sale.ts';
import { addOrderRoutes } from './orders/routes.ts';
import type { Payments } from './payments/payments.ts';
import { addWebhookRoutes } from './payments/routes.ts';
import { addInternalRoutes } from './rooms/routes.ts';
import { loopLag } from './service/loop-lag.ts';
import { addOpenApi } from './service/openapi.ts';
import { pressureOf } from './service/pressure.ts';

export interface CoreParts {
  readonly database: Database;
  readonly payments: Payments;
  readonly ring: Keyring;
  readonly serviceToken: string;
  readonly metrics: CoreMetrics;
  readonly report: Report;
}

export interface Core {
  /** What the gateway passes fans on to. */
  readonly publicApp: OpenAPIHono<AppEnv>;
  /** For our own processes: its own port, and the service token. */
  readonly internalApp: OpenAPIHono<AppEnv>;
  readonly stop: () => void;
}

/** The booking core without its ports. Any number of them work on one database. */
export function openCore({ database, payments, ring, serviceToken, metrics, report }: CoreParts): Core {
  const { db, pool } = database;
  const lag = loopLag();
  const catalog = openCatalog(db);
  const seats = openSeats(db);
  const stock = openStock(db);
  const claimer = openClaimer(database, stock, metrics);
  const pressure = (): number =>
    pressureOf({ poolWaiting: pool.waitingCount, claimsWaiting: claimer.depth(), loopLagMs: lag.lagMs() });
  metrics.watch({
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    claims: claimer.depth,
  });

  // The gateway names the request, so that one id is in both logs.
  const publicApp = createApp(report, { trustRequestId: true, explain: refusalOf });
  addEventRoutes(publicApp, catalog, openStock(db, limits.eventMaxAgeMs));
  publicApp.use(createHold.getRoutingPath(), onSale(catalog));
  addHoldRoutes(publicApp, { database, catalog, seats, claimer, ring, onHold: metrics.hold });
  addOrderRoutes(publicApp, { database, catalog, seats, ring, payments });
  addWebhookRoutes(publicApp, payments);
  addOpenApi(publicApp);

  const internalApp = createApp(report, {
    trustRequestId: true,
    bodyMaxBytes: limits.internalBodyMaxBytes,
    explain: refusalOf,
  });
  addInternalRoutes(internalApp, { database, catalog, stock, pressure, serviceToken });
  addCheckInRoutes(internalApp, { database, ring });
  addRefundRoutes(internalApp, { database, catalog, payments });
  addDeskRoutes(internalApp, { database, catalog });

  return { publicApp, internalApp, stop: lag.stop };
}
