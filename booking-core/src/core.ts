import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { limits } from '@onsale/shared/limits';
import { createApp, type Report } from '@onsale/shared/service/app';
import type { AppEnv } from '@onsale/shared/service/env';
import { addOpenApi } from '@onsale/shared/service/openapi';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { openCatalog } from './catalog/catalog.ts';
import { addEventRoutes } from './catalog/routes.ts';
import { openSeats } from './catalog/seats.ts';
import { addSectionRoutes } from './catalog/section-routes.ts';
import { addCheckInRoutes } from './check-ins/routes.ts';
import { type Database, refusalOf } from './db/database.ts';
import { addDeskRoutes } from './desk/routes.ts';
import { openClaimer } from './holds/claimer.ts';
import { addHoldRoutes } from './holds/routes.ts';
import { openSeatClaimer } from './holds/seat-claimer.ts';
import { openStock } from './inventory/stock.ts';
import { addInvitationRoutes } from './invitations/routes.ts';
import { addOrderLinkRoutes } from './mail/routes.ts';
import type { CoreMetrics } from './metrics.ts';
import { addRefundRoutes } from './orders/internal-routes.ts';
import { addOrderRoutes } from './orders/routes.ts';
import type { Payments } from './payments/payments.ts';
import { addPaymentRoutes } from './payments/routes.ts';
import { addRehearsalRoutes } from './rehearsals/routes.ts';
import { openHabits } from './rooms/habits.ts';
import { addInternalRoutes } from './rooms/routes.ts';
import { loopLag } from './service/loop-lag.ts';
import { pressureOf } from './service/pressure.ts';

const swaggerUi = (name: string): string =>
  readFileSync(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)), 'utf8');

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
  const stock = openStock(db);
  const claimer = openClaimer(database, stock, metrics);
  const seatClaimer = openSeatClaimer({ database, judge: claimer.judge, onReload: metrics.reloaded });
  const seats = openSeats(db, seatClaimer.layout);
  const claimsWaiting = (): number => claimer.depth() + seatClaimer.depth();
  const pressure = (): number =>
    pressureOf({ poolWaiting: pool.waitingCount, claimsWaiting: claimsWaiting(), loopLagMs: lag.lagMs() });
  metrics.watch({
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    claims: claimsWaiting,
  });

  // The gateway names the request, so that one id is in both logs.
  const publicApp = createApp(report, { trustRequestId: true, explain: refusalOf });
  addEventRoutes(publicApp, catalog, openStock(db, limits.eventMaxAgeMs), ({ id }) => {
    // Who looks at an event may hold soon, and reading the seats of a stadium takes this process most of a second: better now
    // than while the first of a rush wait for it. A read that fails is begun again by whoever needs it.
    seatClaimer.layout(id).catch(() => {});
  });
  addSectionRoutes(publicApp, catalog, db);
  addHoldRoutes(publicApp, {
    database,
    catalog,
    seats,
    claimer,
    seatClaimer,
    stock,
    ring,
    onHold: metrics.hold,
  });
  addOrderRoutes(publicApp, { database, catalog, seats, ring, payments });
  addPaymentRoutes(publicApp, payments);
  addOrderLinkRoutes(publicApp, db);
  addOpenApi(
    publicApp,
    {
      title: 'Onsale booking core',
      description:
        'Events, holds, orders and payments, as the gateway passes them on. Fans reach it through the gateway alone.',
    },
    swaggerUi,
  );

  const internalApp = createApp(report, {
    trustRequestId: true,
    bodyMaxBytes: limits.internalBodyMaxBytes,
    explain: refusalOf,
  });
  addInternalRoutes(internalApp, {
    database,
    catalog,
    stock,
    habits: openHabits(db),
    pressure,
    serviceToken,
  });
  addInvitationRoutes(internalApp, { database, onUse: metrics.invitation });
  addCheckInRoutes(internalApp, { database, ring });
  addRefundRoutes(internalApp, { database, catalog, payments });
  addDeskRoutes(internalApp, { database, catalog, seats });
  addRehearsalRoutes(internalApp, { database, catalog, stock });
  addOpenApi(
    internalApp,
    {
      title: 'Onsale booking core, internal port',
      description:
        'What our own processes ask: rooms, admitted batches, stock, and what operators do. Every route needs the service token; this document does not.',
    },
    swaggerUi,
  );

  return { publicApp, internalApp, stop: lag.stop };
}
