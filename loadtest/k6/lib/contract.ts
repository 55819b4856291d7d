/**
 * The parts of the contract (shared/src) that the scripts read; k6 cannot load the schemas themselves. That each is what the
 * schema says is checked by the types of test/settings.test.ts.
 */
export interface RoomView {
  readonly state: 'closed' | 'preOpening' | 'open' | 'paused' | 'healing' | 'soldOut' | 'ended';
  readonly waiting: number;
}

interface Common {
  readonly room: RoomView;
  readonly asOfMs: number;
  readonly serverTimeMs: number;
}

export type PlaceStatus = Common &
  (
    | { readonly state: 'waiting'; readonly place: number | null }
    | { readonly state: 'offered'; readonly pass: string }
    | { readonly state: 'shopping'; readonly session: string }
    | { readonly state: 'over'; readonly reason: string; readonly mayJoinAgain: boolean }
  );

export interface Joined {
  readonly placeToken: string;
  readonly status: PlaceStatus;
}

export interface Claimed {
  readonly session: string;
}

export type ServerMessage =
  | { readonly type: 'status'; readonly status: PlaceStatus }
  | { readonly type: 'place'; readonly place: number }
  | { readonly type: 'room'; readonly room: RoomView }
  | { readonly type: 'reconnect'; readonly afterMs: number }
  | { readonly type: 'problem'; readonly problem: Problem };

export interface Problem {
  readonly code: string;
  readonly free?: number | undefined;
  readonly held?: number | undefined;
  readonly buyerMayTake?: number | undefined;
  readonly offer?: { readonly quantity: number } | null | undefined;
  readonly taken?: readonly number[] | undefined;
  readonly retryAfterMs?: number | undefined;
}

export interface Tier {
  readonly tierId: string;
  readonly free: number;
  readonly held: number;
}

export interface Event {
  readonly eventId: string;
  readonly buyerLimit: number;
  readonly tiers: readonly Tier[];
}

export interface EventList {
  readonly events: readonly Event[];
}

export interface PublicRoom {
  readonly room: RoomView;
}

export interface SectionList {
  readonly sections: ReadonlyArray<{
    readonly section: string;
    readonly tierIds: readonly string[];
    readonly free: number;
  }>;
}

export interface Seat {
  readonly ticketId: number;
  readonly tierId: string;
  readonly access: string | null;
  readonly state: 'free' | 'held' | 'gone';
}

export interface SectionSeats {
  readonly rows: ReadonlyArray<{ readonly row: string; readonly seats: readonly Seat[] }>;
}

/** What is asked for: so many of a tier, these seats, or the best there are. */
export type HoldRequest =
  | { readonly tierId: string; readonly quantity: number }
  | { readonly seats: number[] }
  | { readonly best: { readonly quantity: number; readonly tierId?: string; readonly together?: boolean } };

interface Ticket {
  readonly ticketId: number;
  readonly tierId: string;
}

export interface Hold {
  readonly holdId: string;
  readonly state: string;
  readonly tickets: readonly Ticket[];
  readonly expiresAtMs: number;
}

export interface Order {
  readonly orderId: string;
  readonly orderToken: string;
  readonly state: string;
  readonly serverTimeMs: number;
}

export interface IssuedTickets {
  readonly tickets: readonly Ticket[];
}

export interface OperatorRoom {
  readonly stock: {
    readonly total: number;
    readonly sold: number;
    readonly held: number;
    readonly free: number;
  } | null;
}
