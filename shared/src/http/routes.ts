import type { Route } from '../client-types.ts';
import * as admissions from './admissions.ts';
import * as checkIns from './check-ins.ts';
import * as events from './events.ts';
import * as holds from './holds.ts';
import * as internal from './internal.ts';
import * as invitations from './invitations.ts';
import * as jwks from './jwks.ts';
import * as line from './line.ts';
import * as loadTests from './load-tests.ts';
import * as operator from './operator.ts';
import * as operatorComps from './operator-comps.ts';
import * as operatorHolds from './operator-holds.ts';
import * as operatorOrders from './operator-orders.ts';
import * as operatorStock from './operator-stock.ts';
import * as orderLinks from './order-links.ts';
import * as orders from './orders.ts';
import * as paymentOptions from './payment-options.ts';
import * as refunds from './refunds.ts';
import * as rehearsals from './rehearsals.ts';
import * as removals from './removals.ts';
import * as room from './room.ts';
import * as seats from './seats.ts';
import * as webhooks from './webhooks.ts';

/** Of a file of contracts, what is a route. */
type RoutesOf<File> = { [Name in keyof File as File[Name] extends Route ? Name : never]: File[Name] };

function routesOf<File extends object>(file: File): RoutesOf<File> {
  return Object.fromEntries(
    Object.entries(file).filter(([, one]) => typeof one?.getRoutingPath === 'function'),
  ) as RoutesOf<File>;
}

/** Every route that has a contract, by its name: what the client can be asked for. */
export const routes = {
  ...routesOf(admissions),
  ...routesOf(checkIns),
  ...routesOf(events),
  ...routesOf(holds),
  ...routesOf(internal),
  ...routesOf(invitations),
  ...routesOf(jwks),
  ...routesOf(line),
  ...routesOf(loadTests),
  ...routesOf(operator),
  ...routesOf(operatorComps),
  ...routesOf(operatorHolds),
  ...routesOf(operatorOrders),
  ...routesOf(operatorStock),
  ...routesOf(orderLinks),
  ...routesOf(orders),
  ...routesOf(paymentOptions),
  ...routesOf(refunds),
  ...routesOf(rehearsals),
  ...routesOf(removals),
  ...routesOf(room),
  ...routesOf(seats),
  ...routesOf(webhooks),
};
