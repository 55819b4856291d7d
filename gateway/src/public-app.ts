import { createApp, type Report } from '@onsale/shared/service/app';
import { browserWalls } from './http/browser-walls.ts';
import { addCheckIns } from './http/check-ins.ts';
import { addClaim } from './http/claim.ts';
import { addJoin } from './http/join.ts';
import { addJwks } from './http/jwks.ts';
import { addLeave } from './http/leave.ts';
import { type Fetch, measured, type OnRequest } from './http/measured.ts';
import { addMethodCheck } from './http/methods.ts';
import type { Needs } from './http/needs.ts';
import { addOpenApi } from './http/openapi.ts';
import { addOperatorOrders } from './http/operator-orders.ts';
import { addOperatorStock } from './http/operator-stock.ts';
import { addPages } from './http/pages.ts';
import { addRooms } from './http/rooms.ts';
import { addStatus } from './http/status.ts';
import { addBooking } from './origin/booking.ts';

/** Where vite builds the pages to. */
const WEB_FOLDER = new URL('../web/dist/', import.meta.url).pathname;

export interface PublicApp {
  readonly needs: Needs;
  /** Option CORE_URL. */
  readonly coreUrl: string;
  readonly report: Report;
  readonly onRequest: OnRequest;
}

/** Everything the public port answers but the sockets. */
export function publicApp({ needs, coreUrl, report, onRequest }: PublicApp): Fetch {
  const app = createApp(report);
  const fetch = measured(app, onRequest);
  app.use(browserWalls(needs.publicUrl));
  addMethodCheck(app);

  addJoin(app, needs);
  addStatus(app, needs);
  addLeave(app, needs);
  addClaim(app, needs);
  addBooking(app, needs, coreUrl);
  addRooms(app, needs);
  addCheckIns(app, needs);
  addOperatorOrders(app, needs);
  addOperatorStock(app, needs);
  addJwks(app, needs.pass);
  addOpenApi(app, needs.publicUrl);
  addPages(app, WEB_FOLDER);
  return fetch;
}
