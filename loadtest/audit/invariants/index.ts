import type { Invariant } from '../sale.ts';
import { admissionRecorded } from './admission-recorded.ts';
import { admittedOnce } from './admitted-once.ts';
import { buyerLimit } from './buyer-limit.ts';
import { cancelledEvents } from './cancelled-events.ts';
import { capacity } from './capacity.ts';
import { changesAudited } from './changes-audited.ts';
import { holdsAndTicketsAgree } from './holds-and-tickets-agree.ts';
import { lineOrder } from './line-order.ts';
import { moneyAddsUp } from './money-adds-up.ts';
import { nobodyLost } from './nobody-lost.ts';
import { onePlace } from './one-place.ts';
import { ordersHaveTheirLines } from './orders-have-their-lines.ts';
import { paymentsSettled } from './payments-settled.ts';
import { rate } from './rate.ts';
import { refundedOrders } from './refunded-orders.ts';
import { stockAddsUp } from './stock-adds-up.ts';
import { ticketInOneHold } from './ticket-in-one-hold.ts';
import { ticketOnOneOrder } from './ticket-on-one-order.ts';

/** In the order of the flow, backwards: what was sold, what is held, who was let in, who waits. */
export const invariants: readonly Invariant[] = [
  ticketOnOneOrder,
  ordersHaveTheirLines,
  moneyAddsUp,
  refundedOrders,
  cancelledEvents,
  paymentsSettled,
  changesAudited,
  ticketInOneHold,
  holdsAndTicketsAgree,
  stockAddsUp,
  buyerLimit,
  admissionRecorded,
  admittedOnce,
  lineOrder,
  rate,
  capacity,
  nobodyLost,
  onePlace,
];
