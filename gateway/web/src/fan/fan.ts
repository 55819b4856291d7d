import type { Problem } from '@onsale/shared/errors';
import type { Event } from '@onsale/shared/http/events';
import type { Hold, HoldRequest } from '@onsale/shared/http/holds';
import type { Joined, PlaceStatus, RoomView } from '@onsale/shared/http/line';
import type { IssuedTickets, Order } from '@onsale/shared/http/orders';
import type { PublicRoom } from '@onsale/shared/http/room';
import type { ServerMessage } from '@onsale/shared/socket';
import type { Lost } from '../net/call.ts';
import type { Kept, OrderAccess, PaymentMethod } from './kept.ts';
import type { LostSeats, PickedSeat, SeatNow } from './seats.ts';

/**
 * One fan's whole way through one event, as data.
 *
 * resuming ─▶ event ─▶ joining ─▶ waiting ─▶ offered ─▶ shopping ─▶ held ─▶ paying ─▶ tickets
 *                         └── the offer is there at once: no queue is shown, the claim is made for the fan ──▲
 * Any of them can end in `stopped`, which says why and what the fan can do.
 */
export type StatusOf<State extends PlaceStatus['state']> = Extract<PlaceStatus, { state: State }>;

export type Why =
  | 'lapsed'
  | 'sessionExpired'
  | 'holdExpired'
  | 'refunded'
  | 'cancelled'
  | 'turnsSpent'
  | 'ordered'
  | 'removed'
  | 'revoked'
  | 'eventUnknown';

export type Step =
  | { readonly at: 'resuming' }
  | { readonly at: 'event'; readonly left: boolean }
  /** Neutral: no queue is shown before `revealAtMs`, which is set when the answer to joining comes. */
  | {
      readonly at: 'joining';
      readonly revealAtMs: number | null;
      readonly status: StatusOf<'waiting'> | null;
    }
  | { readonly at: 'waiting'; readonly status: StatusOf<'waiting'> }
  | { readonly at: 'offered'; readonly status: StatusOf<'offered'> }
  | { readonly at: 'shopping' }
  | { readonly at: 'held'; readonly hold: Hold }
  | { readonly at: 'paying'; readonly order: Order; readonly declined: boolean }
  | { readonly at: 'tickets'; readonly order: Order; readonly tickets: IssuedTickets['tickets'] | null }
  | { readonly at: 'stopped'; readonly why: Why; readonly mayJoinAgain: boolean };

/** The one request in flight that moves the fan on. Lost ones are sent again, as they are, until answered. */
export type Request =
  | { readonly kind: 'join'; readonly placeToken: string | null; readonly invitation: string | null }
  | { readonly kind: 'status'; readonly placeToken: string }
  | { readonly kind: 'claim'; readonly pass: string }
  | { readonly kind: 'renew'; readonly session: string }
  | { readonly kind: 'leave'; readonly placeToken: string }
  | {
      readonly kind: 'hold';
      readonly session: string;
      readonly key: string;
      readonly wish: HoldRequest;
    }
  | { readonly kind: 'readHold'; readonly session: string; readonly holdId: string }
  | { readonly kind: 'extend'; readonly session: string; readonly key: string; readonly holdId: string }
  | { readonly kind: 'release'; readonly session: string; readonly holdId: string }
  | {
      readonly kind: 'order';
      readonly session: string;
      readonly key: string;
      readonly holdId: string;
      readonly name: string;
      readonly email: string;
    }
  | { readonly kind: 'readOrder'; readonly access: OrderAccess }
  | {
      readonly kind: 'pay';
      readonly access: OrderAccess;
      readonly session: string | null;
      readonly key: string;
      readonly method: PaymentMethod;
    }
  | { readonly kind: 'tickets'; readonly access: OrderAccess };

/** What each request is answered with. */
export interface Answers {
  join: Joined;
  status: PlaceStatus;
  claim: StatusOf<'shopping'>;
  renew: StatusOf<'shopping'>;
  leave: null;
  hold: Hold;
  readHold: Hold;
  extend: Hold;
  release: null;
  order: Order;
  readOrder: Order;
  pay: Order;
  tickets: IssuedTickets;
}
export type Answered = {
  [Kind in Request['kind']]: { readonly kind: Kind; readonly value: Answers[Kind] };
}[Request['kind']];

/** Why nothing is heard, and when it is tried again. */
export interface Trouble {
  readonly kind: Lost['kind'];
  readonly attempt: number;
  readonly retryAtMs: number;
}

export interface Fan {
  readonly step: Step;
  readonly kept: Kept;
  readonly event: Event | null;
  /** The room as anybody may see it; read before joining, and for what a draw can be checked with. */
  readonly room: PublicRoom | null;
  readonly request: Request | null;
  readonly trouble: Trouble | null;
  /** The last refusal that left the fan where he was; said beside the form. */
  readonly refusal: Problem | null;
  /** What was asked for when tickets were refused: offers are made from it. */
  readonly refusedWish: HoldRequest | null;
  /** Chosen seats that another fan took; said until the fan goes on. */
  readonly lost: LostSeats | null;
  /** Server's clock minus this device's. */
  readonly clockOffsetMs: number;
  readonly socketUp: boolean;
  readonly online: boolean;
  /** When the line was last heard of, by this device's clock. */
  readonly heardAtMs: number;
  /** How old what was heard was then: while the line is away, the sale serves what it knew last. */
  readonly ageMs: number;
  readonly pollAtMs: number;
  readonly eventAtMs: number;
  readonly roomAtMs: number;
  /** Not before this is a deadline that has passed asked about again. */
  readonly checkAtMs: number;
}

export type Command =
  | { readonly type: 'start'; readonly kept: Kept }
  /** `invitation`: a code the fan gave; without one the code that was given before is sent, if there is one. */
  | { readonly type: 'join'; readonly invitation?: string }
  | { readonly type: 'enter' }
  | { readonly type: 'pick'; readonly wish: HoldRequest }
  | { readonly type: 'addSeat'; readonly seat: PickedSeat; readonly accessible: boolean }
  | { readonly type: 'dropSeats'; readonly ticketIds: readonly number[] }
  | { readonly type: 'seatsSeen'; readonly seats: readonly SeatNow[] }
  | { readonly type: 'extend' }
  | { readonly type: 'renew' }
  | { readonly type: 'release' }
  | { readonly type: 'buy'; readonly name: string; readonly email: string }
  | { readonly type: 'pay'; readonly method: PaymentMethod }
  | { readonly type: 'leave' }
  | { readonly type: 'shopAgain' }
  | { readonly type: 'buyMore' }
  | { readonly type: 'tryNow' }
  | { readonly type: 'tick' }
  | { readonly type: 'network'; readonly online: boolean }
  | { readonly type: 'socket'; readonly up: boolean }
  | { readonly type: 'pushed'; readonly message: ServerMessage }
  | { readonly type: 'polled'; readonly status: PlaceStatus | null; readonly retryAfterMs: number | null }
  | { readonly type: 'pollLost'; readonly retryAfterMs: number | null }
  | { readonly type: 'eventRead'; readonly event: Event }
  | { readonly type: 'roomRead'; readonly room: PublicRoom }
  | { readonly type: 'eventRefused'; readonly problem: Problem }
  | { readonly type: 'eventLost'; readonly lost: Lost }
  | { readonly type: 'answered'; readonly request: Request; readonly answer: Answered }
  | { readonly type: 'refused'; readonly request: Request; readonly problem: Problem }
  | { readonly type: 'lost'; readonly request: Request; readonly lost: Lost };

export type Effect =
  | { readonly do: 'keep'; readonly kept: Kept }
  | { readonly do: 'send'; readonly request: Request }
  | { readonly do: 'listen'; readonly placeToken: string }
  | { readonly do: 'hangUp' }
  | { readonly do: 'poll'; readonly placeToken: string }
  | { readonly do: 'readEvent' }
  | { readonly do: 'readRoom' };

/** What the world gives a command: this device's clock, a roll in [0, 1), and a fresh Idempotency-Key. */
export interface World {
  readonly nowMs: number;
  readonly roll: number;
  readonly key: string;
}

/** Where the fan is in words of the view: what the page shows, and the tests wait for. */
export type Showing =
  | Exclude<Step['at'], 'stopped' | 'waiting' | 'paying'>
  | 'waiting'
  | 'passedOver'
  | 'inDraw'
  | 'paused'
  | 'closedWhileWaiting'
  | 'preOpening'
  | 'ended'
  | 'healing'
  | 'soldOut'
  | 'paying'
  | 'declined'
  | Why;

const roomShows: Record<RoomView['state'], Showing> = {
  open: 'waiting',
  paused: 'paused',
  closed: 'closedWhileWaiting',
  preOpening: 'preOpening',
  ended: 'ended',
  healing: 'healing',
  soldOut: 'soldOut',
};

export function showing({ step }: Fan): Showing {
  if (step.at === 'stopped') return step.why;
  if (step.at === 'waiting') return waitingShows(step.status);
  if (step.at === 'paying') return step.declined ? 'declined' : 'paying';
  return step.at;
}

function waitingShows({ room, passedOver }: StatusOf<'waiting'>): Showing {
  if (room.state === 'preOpening' && room.orderMode === 'draw') return 'inDraw';
  return room.state === 'open' && passedOver ? 'passedOver' : roomShows[room.state];
}
