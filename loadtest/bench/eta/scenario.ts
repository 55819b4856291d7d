import type { Room } from '@onsale/shared/http/internal';
import type { Lane } from '@onsale/shared/lanes';

type Policy = Pick<
  Room,
  | 'ratePerMinute'
  | 'capacity'
  | 'claimWindowMs'
  | 'sessionTtlMs'
  | 'priorityPercent'
  | 'returningPercent'
  | 'paused'
>;

/** A sale to simulate: the room, the tickets, the crowd and what the operator does meanwhile. */
export interface Scenario {
  readonly name: string;
  readonly minutes: number;
  readonly tickets: number;
  readonly policy: Policy;
  /** When the doors open, minutes after the first fan came. */
  readonly doorsMinutes: number;
  /** Fans who come before the doors open, and per minute afterwards, by lane. */
  readonly crowd: Readonly<Record<Exclude<Lane, 'returning'>, { before: number; perMinute: number }>>;
  readonly fans: Habits;
  /** What the operator does. */
  readonly changes: readonly { readonly atMinutes: number; readonly policy: Partial<Policy> }[];
}

/** What fans do, as chances and means. */
export interface Habits {
  /** Closes the page while he waits, and is away when his turn comes; comes back some minutes later. */
  readonly absent: number;
  readonly comesBack: number;
  /** Gives up his place in a minute of waiting. */
  readonly leavesPerMinute: number;
  /** Is there and does not claim; joins again after that. */
  readonly noShow: number;
  readonly joinsAgain: number;
  /** Claims and looks around only. */
  readonly looksOnly: number;
  /** Who holds tickets buys them. */
  readonly buys: number;
  /** Tickets wanted: chance of 1, 2, 3, 4. */
  readonly wants: readonly [number, number, number, number];
  /** From the claim to the hold, and from there to the end of the order, on average. */
  readonly choosesMinutes: number;
  readonly paysMinutes: number;
}
