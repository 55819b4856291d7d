import type { Hold } from '@onsale/shared/http/holds';
import type { PlaceStatus } from '@onsale/shared/http/line';
import type { IssuedTickets, Order } from '@onsale/shared/http/orders';
import type { Answered, Request } from '../src/fan/fan.ts';

export const nowMs = 1_000_000;
const common = {
  eventId: 'concert',
  room: {
    state: 'open',
    waiting: 1,
    version: 1,
    orderMode: 'arrival',
    opensAtMs: null,
    endsAtMs: null,
    message: null,
  } as const,
  asOfMs: nowMs,
  serverTimeMs: nowMs,
};
export const waiting = {
  ...common,
  state: 'waiting',
  place: 3,
  ahead: 2,
  lane: 'general',
  passedOver: false,
  wait: null,
  odds: null,
  lanes: [],
  mayComeBack: null,
} satisfies PlaceStatus;
export const offered = {
  ...common,
  state: 'offered',
  pass: 'pass',
  claimByMs: nowMs + 60_000,
} satisfies PlaceStatus;
export const shopping = {
  ...common,
  state: 'shopping',
  session: 'session',
  sessionExpiresAtMs: nowMs + 900_000,
  mayRenew: true,
} satisfies PlaceStatus;
/** The same session with its one renewal. */
export const renewed = {
  ...shopping,
  session: 'renewed',
  sessionExpiresAtMs: shopping.sessionExpiresAtMs + 450_000,
  mayRenew: false,
} satisfies PlaceStatus;
export const over = (reason: Extract<PlaceStatus, { state: 'over' }>['reason']): PlaceStatus => ({
  ...common,
  state: 'over',
  reason,
  mayJoinAgain: true,
});
const holdId = '00000000-0000-8000-8000-000000000001';
export const hold: Hold = {
  holdId,
  eventId: 'concert',
  state: 'held',
  tickets: [],
  totalMinor: 10_000,
  currency: 'USD',
  expiresAtMs: nowMs + 600_000,
  serverTimeMs: nowMs,
};
/** The same hold with its one extension. */
export const extended: Hold = { ...hold, expiresAtMs: hold.expiresAtMs + 300_000 };
const orderId = '00000000-0000-8000-8000-000000000002';
export const order: Order = {
  ...hold,
  orderId,
  orderToken: 'order',
  state: 'pending',
  payByMs: hold.expiresAtMs,
  cancelUntilMs: null,
  faceMinor: 9_000,
  feesMinor: 500,
  taxMinor: 500,
  refundedMinor: 0,
};
const issued: IssuedTickets = { orderId, eventId: 'concert', tickets: [] };

/**
 * The sale as a fan's requests see it, with what a repeated request must not do twice counted by its key. It knows the
 * documented answers and nothing of the page.
 */
export class FakeSale {
  status: PlaceStatus | null = null;
  readonly keys = { hold: new Set<string>(), order: new Set<string>(), pay: new Set<string>() };
  #held = false;
  #paid = false;

  answer(request: Request): Answered {
    switch (request.kind) {
      case 'join':
        this.status ??= waiting;
        return { kind: 'join', value: { placeToken: 'place', status: this.status } };
      case 'status':
        if (this.status === null) throw new Error('status before joining');
        return { kind: 'status', value: this.status };
      case 'claim':
        this.status = shopping;
        return { kind: 'claim', value: shopping };
      case 'renew':
        this.status = renewed;
        return { kind: 'renew', value: renewed };
      case 'leave':
        this.status = over('left');
        return { kind: 'leave', value: null };
      case 'hold':
        this.keys.hold.add(request.key);
        this.#held = true;
        return { kind: 'hold', value: hold };
      case 'readHold':
        if (!this.#held) throw new Error('no such hold');
        return { kind: 'readHold', value: hold };
      case 'extend':
        return { kind: 'extend', value: extended };
      case 'release':
        this.#held = false;
        return { kind: 'release', value: null };
      case 'order':
        this.keys.order.add(request.key);
        return { kind: 'order', value: this.#order() };
      case 'readOrder':
        return { kind: 'readOrder', value: this.#order() };
      case 'pay':
        this.keys.pay.add(request.key);
        this.#paid = true;
        this.status = over('ordered');
        return { kind: 'pay', value: this.#order() };
      case 'tickets':
        if (!this.#paid) throw new Error('tickets before paying');
        return { kind: 'tickets', value: issued };
    }
  }

  #order(): Order {
    return { ...order, state: this.#paid ? 'paid' : 'pending' };
  }
}
