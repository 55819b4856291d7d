import type { z } from 'zod';
import type { Event } from './events.ts';
import type { Hold, HoldRequest } from './holds.ts';
import type { ClaimRequest, Joined, PlaceStatus, Shopping } from './line.ts';
import type { IssuedTickets, Order, OrderRequest, PaymentRequest } from './orders.ts';

/** What one operation of the main journey is asked, by name, and answers, by status. */
export interface Example {
  readonly asked?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
  readonly answered?: Readonly<Record<number, unknown>>;
}

/*
 * One sale from the list of events to the tickets. Tokens are shortened and sign nothing.
 */
const serverTimeMs = 1_798_765_200_000;
const minutes = (count: number): number => serverTimeMs + count * 60_000;
const eventId = 'stadium-night';
const cost = { priceMinor: 9_000, feeMinor: 1_000, taxMinor: 800, totalMinor: 10_800 };

const event: Event = {
  eventId,
  name: 'Stadium Night',
  venue: {
    venueId: 'riverside',
    name: 'Riverside Stadium',
    city: 'Springfield',
    region: 'IL',
    country: 'US',
    timeZone: 'America/Chicago',
    capacity: 56_000,
  },
  startsAtMs: minutes(60 * 24 * 30),
  currency: 'USD',
  buyerLimit: 6,
  holdTtlMs: 600_000,
  cancelUntilMs: minutes(60 * 24 * 14),
  admission: 'seated',
  rehearsal: false,
  tiers: [
    {
      tierId: 'lower',
      name: 'Lower bowl',
      ...cost,
      taxIncluded: false,
      capacity: 20_000,
      free: 7_412,
      accessibleFree: 96,
      held: 318,
    },
  ],
  serverTimeMs,
};
const room = {
  state: 'open',
  waiting: 48_210,
  version: 7,
  orderMode: 'arrival',
  opensAtMs: null,
  endsAtMs: null,
  message: null,
} as const;
const asOfMs = serverTimeMs - 150;
const waiting: PlaceStatus = {
  state: 'waiting',
  eventId,
  room,
  lane: 'general',
  passedOver: false,
  place: 1_204,
  ahead: 1_203,
  wait: { fromMs: 240_000, middleMs: 301_000, toMs: 384_000 },
  odds: { bound: 'about', percent: 85 },
  lanes: [
    { lane: 'priority', waiting: 310, percent: 30 },
    { lane: 'returning', waiting: 42, percent: 20 },
    { lane: 'general', waiting: 47_858, percent: 50 },
  ],
  mayComeBack: null,
  asOfMs,
  serverTimeMs,
};
const joined: Joined = { placeToken: 'place.k1.eyJ…', status: waiting };
const offered: PlaceStatus = {
  state: 'offered',
  eventId,
  room,
  pass: 'eyJhbGciOiJFZERTQSJ9…',
  claimByMs: minutes(2),
  asOfMs,
  serverTimeMs,
};
const claim: z.input<typeof ClaimRequest> = { pass: offered.pass };
const shopping: z.infer<typeof Shopping> = {
  state: 'shopping',
  eventId,
  room,
  session: 'session.k1.eyJ…',
  sessionExpiresAtMs: minutes(20),
  mayRenew: true,
  asOfMs,
  serverTimeMs,
};
const tickets = [11, 12].map((seat) => ({
  ticketId: 20_400 + seat,
  tierId: 'lower',
  section: '114',
  row: 'F',
  seat,
  ...cost,
}));
const hold: Hold = {
  holdId: '8d3c1f2e-5a64-8f0b-9c1d-2e3f4a5b6c7d',
  eventId,
  state: 'held',
  tickets,
  totalMinor: 21_600,
  currency: 'USD',
  expiresAtMs: minutes(10),
  serverTimeMs,
};
const holds = {
  tier: { summary: 'Any two of a tier', value: { tierId: 'lower', quantity: 2 } },
  seats: { summary: 'These seats', value: { seats: tickets.map(({ ticketId }) => ticketId) } },
  best: {
    summary: 'The best two together, for at most 120 dollars each',
    value: { best: { quantity: 2, priceMaxMinor: 12_000 } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof HoldRequest> }>;
const order: Order = {
  orderId: '0b1f7c66-3d52-8a9e-b1c4-6d7e8f901a2b',
  orderToken: 'order.k1.eyJ…',
  eventId,
  holdId: hold.holdId,
  state: 'pending',
  tickets,
  faceMinor: 18_000,
  feesMinor: 2_000,
  taxMinor: 1_600,
  totalMinor: 21_600,
  refundedMinor: 0,
  currency: 'USD',
  payByMs: hold.expiresAtMs,
  cancelUntilMs: minutes(60 * 24 * 14),
  serverTimeMs,
};
const buyer: z.input<typeof OrderRequest> = {
  holdId: hold.holdId,
  name: 'Ticket Buyer',
  email: 'buyer@example.com',
};
const payment: z.input<typeof PaymentRequest> = { method: 'sandboxApprove' };
const issued: IssuedTickets = {
  orderId: order.orderId,
  eventId,
  tickets: tickets.map((ticket) => ({ ...ticket, code: 'ticket.k1.eyJ…' })),
};

/** By operation. */
export const examples: Readonly<Record<string, Example>> = {
  listEvents: { answered: { 200: { events: [event] } } },
  getEvent: { answered: { 200: event } },
  joinLine: { answered: { 200: joined, 201: joined } },
  getStatus: { answered: { 200: offered } },
  claimOffer: {
    asked: { claim: { summary: 'With the pass of the offer', value: claim } },
    answered: { 200: shopping },
  },
  createHold: { asked: holds, answered: { 201: hold } },
  getHold: { answered: { 200: hold } },
  createOrder: { asked: { order: { summary: 'Of a hold', value: buyer } }, answered: { 201: order } },
  payOrder: {
    asked: { payment: { summary: 'The sandbox takes the money', value: payment } },
    answered: { 200: { ...order, state: 'paid' } },
  },
  getOrder: { answered: { 200: { ...order, state: 'paid' } } },
  listTickets: { answered: { 200: issued } },
};
