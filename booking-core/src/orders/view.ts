import type { Order } from '@onsale/shared/http/orders';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Catalog } from '../catalog/catalog.ts';
import type { Seats } from '../catalog/seats.ts';
import { deadlineOf } from '../holds/view.ts';
import type { OrderFacts } from './facts.ts';

/**
 * Nothing writes `expired`: an order is expired when it is unpaid, its hold is over (run out, released, or bought by
 * another order), and no money is on its way.
 */
export function stateOf({
  state,
  expiresAtMs,
  nowMs,
  paying,
}: Pick<OrderFacts, 'state' | 'expiresAtMs' | 'nowMs' | 'paying'>): Order['state'] {
  if (state !== 'pending' || paying) return state;
  const live = expiresAtMs > nowMs && Number.isFinite(expiresAtMs);
  return live ? 'pending' : 'expired';
}

export interface OrderViewParts {
  readonly catalog: Catalog;
  readonly seats: Seats;
  readonly ring: Keyring;
}

export async function viewOf({ catalog, seats, ring }: OrderViewParts, order: OrderFacts): Promise<Order> {
  return {
    orderId: order.id,
    orderToken: signToken(ring, 'order', {
      order: order.id,
      ...(order.device === null ? {} : { device: order.device }),
    }),
    eventId: order.event,
    holdId: order.hold,
    state: stateOf(order),
    tickets: await seats(await catalog.event(order.event), order.tickets),
    faceMinor: order.faceMinor,
    feesMinor: order.feesMinor,
    taxMinor: order.taxMinor,
    totalMinor: order.totalMinor,
    refundedMinor: order.refundedMinor,
    currency: order.currency,
    payByMs: deadlineOf(order.expiresAtMs),
    cancelUntilMs: order.cancelUntilMs,
    serverTimeMs: order.nowMs,
  };
}
