import type { Invariant } from '../sale.ts';
import { admissionRecorded } from './admission-recorded.ts';
import { admittedOnce } from './admitted-once.ts';
import { batchChain } from './batch-chain.ts';
import { buyerLimit } from './buyer-limit.ts';
import { cancelledEvents } from './cancelled-events.ts';
import { capacity } from './capacity.ts';
import { changesAudited } from './changes-audited.ts';
import { comps } from './comps.ts';
import { holdsAndTicketsAgree } from './holds-and-tickets-agree.ts';
import { invitationUses } from './invitation-uses.ts';
import { lineOrder } from './line-order.ts';
import { linesCostWhatTheirTierSays } from './lines-cost-what-their-tier-says.ts';
import { moneyAddsUp } from './money-adds-up.ts';
import { nobodyLost } from './nobody-lost.ts';
import { onePlace } from './one-place.ts';
import { ordersHaveTheirLines } from './orders-have-their-lines.ts';
import { paymentsSettled } from './payments-settled.ts';
import { rate } from './rate.ts';
import { refundedOrders } from './refunded-orders.ts';
import { revokedTurns } from './revoked-turns.ts';
import { stockAddsUp } from './stock-adds-up.ts';
import { takenOut } from './taken-out.ts';
import { ticketInOneHold } from './ticket-in-one-hold.ts';
import { ticketOnOneOrder } from './ticket-on-one-order.ts';
import { webhooksSettled } from './webhooks-settled.ts';

/** In the order of the flow, backwards: what was sold, what is held, who was let in, who waits. */
export const invariants: readonly Invariant[] = [
  ticketOnOneOrder,
  ordersHaveTheirLines,
  linesCostWhatTheirTierSays,
  moneyAddsUp,
  refundedOrders,
  comps,
  cancelledEvents,
  paymentsSettled,
  webhooksSettled,
  changesAudited,
  ticketInOneHold,
  holdsAndTicketsAgree,
  stockAddsUp,
  buyerLimit,
  admissionRecorded,
  admittedOnce,
  batchChain,
  lineOrder,
  rate,
  capacity,
  nobodyLost,
  onePlace,
  takenOut,
  revokedTurns,
  invitationUses,
];
