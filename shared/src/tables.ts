import type { ColumnType, Generated } from 'kysely';

/**
 * The tables of Postgres as Kysely sees them. The booking core alone writes them (its migrations are the truth, and a
 * test compares the two); the audit and the benches read them with a read-only type. Amounts are minor units.
 */
type CreatedAt = ColumnType<Date, Date | undefined, never>;
/** A timestamp that may be 'infinity', which pg gives as a number. */
type Deadline = ColumnType<Date | number, Date | string, Date | string>;
/** bigint: pg gives text. */
type Big = ColumnType<string, string | number | bigint, never>;

export interface VenuesTable {
  id: string;
  name: string;
  city: string;
  region: string;
  country: string;
  /** IANA name. */
  time_zone: string;
  capacity: number;
}

export interface EventsTable {
  id: string;
  venue: string;
  name: string;
  starts_at: Date;
  currency: string;
  admission: 'seated' | 'general';
  buyer_limit: number;
  hold_ttl_ms: number;
  created_at: CreatedAt;
  /** Until when a fan may give his order back; null: never. */
  cancel_until: Date | null;
  cancelled_at: Date | null;
  /** Of a load test: not in the list, its payments go to the sandbox. Never changed. */
  rehearsal: Generated<boolean>;
}

export interface TiersTable {
  event: string;
  id: string;
  name: string;
  price_minor: number;
  /** For each ticket. */
  fee_minor: Generated<number>;
  /** Of price and fee together. */
  tax_basis_points: Generated<number>;
  /** Whether price and fee contain the tax, or it is added. */
  tax_included: Generated<boolean>;
  /** Order of showing, dearest first. */
  position: number;
}

/** One row per sellable unit. Free when `free_at <= sale_clock()`; 'infinity' is sold, or blocked when there is no hold. `hold` is the last hold that had it. */
export interface TicketsTable {
  id: Generated<number>;
  event: string;
  tier: string;
  section: string | null;
  row: string | null;
  seat: number | null;
  hold: string | null;
  free_at: Deadline;
  /** Whom it is kept for. */
  access: Generated<'wheelchair' | 'companion' | null>;
  /** Rank from the stage, smaller is closer; general admission has 0. */
  distance: Generated<number>;
}

/** Its id is a function of buyer and Idempotency-Key: its own idempotency record. `expires_at` 'infinity' is sold. Turn 0: a comp, which no fan asked for. */
export interface HoldsTable {
  id: string;
  event: string;
  buyer: string;
  place: string;
  turn: number;
  quantity: number;
  print: Buffer;
  tickets: number[];
  expires_at: Deadline;
  released: Generated<boolean>;
  created_at: CreatedAt;
}

export interface OrdersTable {
  id: string;
  event: string;
  buyer: string;
  hold: string;
  /** `expired` is not a state here: it is read off the hold. */
  state: 'pending' | 'paid' | 'partlyRefunded' | 'refunded' | 'cancelled';
  total_minor: number;
  /** The parts of the total; tax may be contained in the others. */
  face_minor: number;
  fees_minor: Generated<number>;
  tax_minor: Generated<number>;
  currency: string;
  buyer_name: string;
  buyer_email: string;
  print: Buffer;
  /** Of the browser that ordered. */
  device: Generated<string | null>;
  created_at: CreatedAt;
  settled_at: Date | null;
}

/** Written when the order is paid. A ticket is on at most one live line: a unique index where `live`. */
export interface OrderLinesTable {
  order: string;
  ticket: number;
  price_minor: number;
  fee_minor: Generated<number>;
  tax_minor: Generated<number>;
  /** What the fan paid for it, and what a refund of it gives back. */
  total_minor: number;
  live: Generated<boolean>;
}

export interface PaymentsTable {
  id: string;
  order: string;
  provider: string;
  method: string;
  amount_minor: number;
  /** `asked` until the provider's answer is written down; `kept` bought tickets, some of which may be given
   * back; `declined` and `cancelled` took no money; `returned` was given back whole. */
  state: 'asked' | 'kept' | 'declined' | 'cancelled' | 'returned';
  print: Buffer;
  created_at: CreatedAt;
  settled_at: Date | null;
  /** The provider's own id of the charge; 'none' of one that was cancelled before it had any. Written once. */
  reference: string | null;
}

/** Money to give back. Written in the transaction that decides it; carried out at the provider afterwards, repeatedly until done. */
export interface RefundsTable {
  id: string;
  payment: string;
  amount_minor: number;
  why: string;
  done_at: Date | null;
  created_at: CreatedAt;
  /** Of a refund asked for under an Idempotency-Key. */
  print: Buffer | null;
}

/** What providers told us, each event once. Settled: the payment is as it says, or needed nothing. */
export interface WebhookEventsTable {
  provider: string;
  event: string;
  payment: string;
  state: 'pending' | 'captured' | 'declined' | 'cancelled' | 'other';
  received_at: CreatedAt;
  settled_at: Date | null;
}

/** The sandbox provider's own ledger: it stands for a system that is not ours, and survives our crashes as that would. */
export interface SandboxChargesTable {
  id: string;
  amount_minor: number;
  state: 'pending' | 'captured' | 'declined' | 'cancelled';
  refunded_minor: Generated<number>;
  capture_at: Date;
  created_at: CreatedAt;
  /** It cannot be cancelled, though it is pending. */
  firm: Generated<boolean>;
}

/** Refunds in the sandbox provider's ledger, by their id: asking again gives nothing back twice. */
export interface SandboxRefundsTable {
  id: string;
  charge: string;
  amount_minor: number;
  created_at: CreatedAt;
}

/** What the sandbox provider is going to tell us, and how often it still will. */
export interface SandboxEventsTable {
  id: Generated<string>;
  charge: string;
  state: string;
  deliver_at: Date;
  deliveries_left: number;
}

export interface RoomsTable {
  event: string;
  open: boolean;
  paused: boolean;
  rate_per_minute: number;
  capacity: number;
  claim_window_ms: number;
  session_ttl_ms: number;
  version: Generated<number>;
  order_mode: Generated<'arrival' | 'draw'>;
  opens_at: Date | null;
  ends_at: Date | null;
  priority_percent: Generated<number>;
  returning_percent: Generated<number>;
  identity: Generated<'session' | 'invitation'>;
  when_away: Generated<'hold' | 'open'>;
  message: ColumnType<Record<string, string> | null, string | null, string | null>;
  /** Grows by one whenever Redis was lost; 0: no Redis has known the room. */
  epoch: Generated<number>;
  /** Of the draw: 32 bytes, hex. Secret until the doors are open. */
  seed: Generated<string>;
  /** The first moment the doors were not shut: since then fans may have joined. A trigger writes it. */
  joinable_since: ColumnType<Date | null, never, never>;
  /** When it was taken down for good, because its event was a rehearsal that ended: nothing finds it any more. */
  retired_at: Date | null;
}

/** What a rehearsal was asked for with: its idempotency record. */
export interface RehearsalsTable {
  event: string;
  print: Buffer;
  created_at: CreatedAt;
}

export interface BatchesTable {
  id: Generated<string>;
  event: string;
  batch: Big;
  reason: string;
  taken_at: Date;
  places: number;
  recorded_at: CreatedAt;
  epoch: number;
  /** These are null in records from before batches were chained. */
  first_order: Big | null;
  last_order: Big | null;
  lanes: unknown;
  places_hash: Buffer | null;
  previous_hash: Buffer | null;
  hash: Buffer | null;
}

/** Who was let in. (event, place, turn) is the primary key: nobody is let in twice for one turn. */
export interface AdmissionsTable {
  event: string;
  place: string;
  turn: number;
  order_number: Big;
  batch_id: string;
  lane: Generated<'general' | 'priority' | 'returning'>;
  /** Passed over before, and back: out of order, first. */
  back: Generated<boolean>;
  /** Of the priority lane: when the place first came with an invitation. */
  invited_at: Date | null;
}

/** Whom an operator took out of a line, for good. */
export interface RemovalsTable {
  event: string;
  place: string;
  actor: string;
  why: string;
  at: CreatedAt;
}

/** Whose turn an operator ended. */
export interface RevocationsTable {
  event: string;
  place: string;
  turn: number;
  actor: string;
  why: string;
  at: CreatedAt;
}

/** Codes that lead to a lane; in a room for invited fans, what a place belongs to. */
export interface InvitationsTable {
  id: string;
  event: string;
  label: string | null;
  lane: 'priority' | 'general';
  subject: string | null;
  /** Who comes with it in a room for invited fans, and his place there. */
  buyer: string;
  place: string;
  uses_max: number;
  uses: Generated<number>;
  expires_at: Date | null;
  print: Buffer;
  created_at: Date;
  revoked_at: Date | null;
}

/** Which places came with an invitation. */
export interface InvitationUsesTable {
  invitation: string;
  event: string;
  place: string;
  at: CreatedAt;
}

/** Append-only. */
export interface AuditTable {
  id: Generated<string>;
  at: CreatedAt;
  actor: string;
  action: string;
  subject: string;
  was: unknown;
  became: unknown;
  why: string | null;
  request_id: string | null;
}

/** Tickets that operators took off sale or put back. Blocked tickets have `free_at` 'infinity' and no hold. */
export interface StockMovesTable {
  id: string;
  event: string;
  move: 'block' | 'unblock';
  tickets: number[];
  print: Buffer;
  at: Date;
}

/** Comps, or some of their tickets, taken back. Its id is a function of the order and the Idempotency-Key. */
export interface CompReturnsTable {
  id: string;
  order: string;
  tickets: number[];
  print: Buffer;
  at: Date;
}

/** The one extension of a turn. Its id is a function of buyer and Idempotency-Key: its own idempotency record. */
export interface HoldExtensionsTable {
  id: string;
  hold: string;
  event: string;
  place: string;
  turn: number;
  at: Date;
}

/** Who came in with which ticket. The primary key lets a ticket of an order in once. */
export interface CheckInsTable {
  order: string;
  ticket: number;
  at: CreatedAt;
  actor: string;
}

export type MailKind =
  | 'orderPaid'
  | 'otherTickets'
  | 'moneyBack'
  | 'refunded'
  | 'cancelled'
  | 'eventCancelled'
  | 'orderLinks';

/** The outbox. Written in the transaction that makes the news; its id is a function of the news. */
export interface MailsTable {
  id: string;
  kind: MailKind;
  recipient: string;
  /** Null: order links. */
  order: string | null;
  facts: unknown;
  /** `kept`: of a rehearsal, written and handed to nobody. */
  state: Generated<'waiting' | 'sent' | 'kept' | 'givenUp' | 'empty'>;
  attempts: Generated<number>;
  /** When it may be sent (again), by sale_clock(). */
  next_at: Date;
  /** A code, never the words of a mail server: those name people. */
  last_error: string | null;
  created_at: CreatedAt;
  settled_at: Date | null;
}

/** Which part of the stock each core process walks; see booking-core/src/inventory/walk.ts. */
export interface ClaimWalksTable {
  place: number;
  process: string;
  seen_at: Date;
}

export interface Tables {
  venues: VenuesTable;
  events: EventsTable;
  tiers: TiersTable;
  tickets: TicketsTable;
  holds: HoldsTable;
  orders: OrdersTable;
  order_lines: OrderLinesTable;
  payments: PaymentsTable;
  refunds: RefundsTable;
  sandbox_charges: SandboxChargesTable;
  sandbox_refunds: SandboxRefundsTable;
  sandbox_events: SandboxEventsTable;
  webhook_events: WebhookEventsTable;
  rooms: RoomsTable;
  rehearsals: RehearsalsTable;
  batches: BatchesTable;
  admissions: AdmissionsTable;
  removals: RemovalsTable;
  revocations: RevocationsTable;
  invitations: InvitationsTable;
  invitation_uses: InvitationUsesTable;
  audit: AuditTable;
  stock_moves: StockMovesTable;
  comp_returns: CompReturnsTable;
  hold_extensions: HoldExtensionsTable;
  check_ins: CheckInsTable;
  mails: MailsTable;
  claim_walks: ClaimWalksTable;
}
