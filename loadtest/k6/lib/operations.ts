import type {
  Claimed,
  Event,
  EventList,
  Hold,
  IssuedTickets,
  Joined,
  Order,
  PlaceStatus,
  PublicRoom,
  SectionList,
  SectionSeats,
} from './contract.ts';

/** What a fan does over HTTP. The name is the tag `op` of its requests. */
export const operations = {
  join: 'POST /api/v1/events/{eventId}/line',
  status: 'GET /api/v1/events/{eventId}/line/me',
  leave: 'DELETE /api/v1/events/{eventId}/line/me',
  claim: 'POST /api/v1/events/{eventId}/claim',
  events: 'GET /api/v1/events',
  event: 'GET /api/v1/events/{eventId}',
  room: 'GET /api/v1/events/{eventId}/room',
  sections: 'GET /api/v1/events/{eventId}/sections',
  section: 'GET /api/v1/events/{eventId}/sections/{section}',
  hold: 'POST /api/v1/events/{eventId}/holds',
  release: 'DELETE /api/v1/holds/{holdId}',
  order: 'POST /api/v1/orders',
  pay: 'POST /api/v1/orders/{orderId}/payments',
  tickets: 'GET /api/v1/orders/{orderId}/tickets',
} as const;

export type Operation = keyof typeof operations;

/** What a good answer holds. */
export interface Answers {
  readonly join: Joined;
  readonly status: PlaceStatus;
  readonly leave: undefined;
  readonly claim: Claimed;
  readonly events: EventList;
  readonly event: Event;
  readonly room: PublicRoom;
  readonly sections: SectionList;
  readonly section: SectionSeats;
  readonly hold: Hold;
  readonly release: undefined;
  readonly order: Order;
  readonly pay: Order;
  readonly tickets: IssuedTickets;
}

/** Of a whole journey, in its order. */
export const journey = [
  'join',
  'status',
  'claim',
  'event',
  'hold',
  'order',
  'pay',
  'tickets',
] as const satisfies readonly Operation[];

/** Method and path of an operation. @throws Error naming a parameter that is missing. */
export function requestOf(
  op: Operation,
  params: Readonly<Record<string, string>>,
): { method: string; path: string } {
  const [method, template] = operations[op].split(' ') as [string, string];
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${op} needs ${name}`);
    return encodeURIComponent(value);
  });
  return { method, path };
}
