/** The parts of the contract (shared/src) that the scripts read; k6 cannot load the schemas themselves. */
export interface RoomView {
  readonly state: 'closed' | 'open' | 'paused' | 'soldOut';
  readonly waiting: number;
}

interface Common {
  readonly room: RoomView;
  readonly serverTimeMs: number;
}

export type PlaceStatus = Common &
  (
    | { readonly state: 'waiting'; readonly place: number }
    | { readonly state: 'offered'; readonly pass: string }
    | { readonly state: 'shopping'; readonly session: string }
    | { readonly state: 'over'; readonly reason: string; readonly mayJoinAgain: boolean }
  );

export interface Joined {
  readonly placeToken: string;
  readonly status: PlaceStatus;
}

export type ServerMessage =
  | { readonly type: 'status'; readonly status: PlaceStatus }
  | { readonly type: 'place'; readonly place: number }
  | { readonly type: 'room'; readonly room: RoomView }
  | { readonly type: 'reconnect'; readonly afterMs: number }
  | { readonly type: 'problem'; readonly problem: Problem };

export interface Problem {
  readonly code: string;
  readonly free?: number;
}

export interface Event {
  readonly buyerLimit: number;
  readonly tiers: ReadonlyArray<{ readonly tierId: string; readonly free: number; readonly held: number }>;
}

export interface Hold {
  readonly holdId: string;
  readonly state: string;
  readonly tickets: readonly unknown[];
}

export interface Order {
  readonly orderId: string;
  readonly orderToken: string;
  readonly state: string;
}

export interface IssuedTickets {
  readonly tickets: readonly unknown[];
}

export interface OperatorRoom {
  readonly stock: {
    readonly total: number;
    readonly sold: number;
    readonly held: number;
    readonly free: number;
  };
}
