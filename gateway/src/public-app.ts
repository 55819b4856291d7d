import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createApp, type Report } from '@onsale/shared/service/app';
import { addOpenApi } from '@onsale/shared/service/openapi';
import { type PaymentProvider, walled } from './http/browser-walls.ts';
import { addCheckIns } from './http/check-ins.ts';
import { addClaim } from './http/claim.ts';
import { addInvitations } from './http/invitations.ts';
import { addJoin } from './http/join.ts';
import { addJwks } from './http/jwks.ts';
import { addLeave } from './http/leave.ts';
import { addLoadTests } from './http/load-tests.ts';
import { type Fetch, measured, type OnRequest } from './http/measured.ts';
import { addMethodCheck } from './http/methods.ts';
import type { Needs } from './http/needs.ts';
import { addOperatorOrders } from './http/operator-orders.ts';
import { addOperatorStock } from './http/operator-stock.ts';
import { addPages } from './http/pages.ts';
import { addRehearsals } from './http/rehearsals.ts';
import { addRemovals } from './http/removals.ts';
import { addRenewal } from './http/renew.ts';
import { addRoom } from './http/room.ts';
import { addRooms } from './http/rooms.ts';
import { addStatus } from './http/status.ts';
import { addBooking } from './origin/booking.ts';

/** Where vite builds the pages to. */
const WEB_FOLDER = new URL('../web/dist/', import.meta.url).pathname;

const swaggerUi = (name: string): string =>
  readFileSync(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)), 'utf8');

export interface PublicApp {
  readonly needs: Needs;
  /** Option CORE_URL. */
  readonly coreUrl: string;
  /** Option PAYMENT_PROVIDER. */
  readonly paymentProvider: PaymentProvider;
  readonly report: Report;
  readonly onRequest: OnRequest;
}

/** Everything the public port answers but the sockets. */
export function publicApp({ needs, coreUrl, paymentProvider, report, onRequest }: PublicApp): Fetch {
  const app = createApp(report);
  const fetch = walled(measured(app, onRequest), needs.publicUrl, paymentProvider);
  addMethodCheck(app);

  addRoom(app, needs);
  addJoin(app, needs);
  addStatus(app, needs);
  addLeave(app, needs);
  addClaim(app, needs);
  addRenewal(app, needs);
  addBooking(app, needs, coreUrl);
  addRooms(app, needs);
  addCheckIns(app, needs);
  addOperatorOrders(app, needs);
  addOperatorStock(app, needs);
  addInvitations(app, needs);
  addRemovals(app, needs);
  addRehearsals(app, needs);
  addLoadTests(app, needs);
  addJwks(app, needs.pass);
  addOpenApi(
    app,
    {
      title: 'Onsale',
      description:
        'The sale as fans, operators and other sites see it: the waiting room of an event, the booking behind it, and the desk.',
      server: needs.publicUrl,
    },
    swaggerUi,
  );
  addPages(app, WEB_FOLDER);
  return fetch;
}
