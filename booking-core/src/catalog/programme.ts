import type { EventsTable, RoomsTable, TiersTable, VenuesTable } from '@onsale/shared/tables';
import type { Insertable } from 'kysely';
import { type Block, STADIUM_CAPACITY, stadium } from './stadium.ts';

/**
 * One event to be seeded, with everything it needs. `units` is general admission by tier, `blocks` are numbered seats; `like`
 * makes its tickets as those of another event are.
 */
export interface Production {
  readonly venue: Insertable<VenuesTable>;
  readonly event: Omit<Insertable<EventsTable>, 'venue'>;
  readonly tiers: ReadonlyArray<Omit<Insertable<TiersTable>, 'event'>>;
  readonly tickets:
    | { readonly blocks: readonly Block[] }
    | { readonly units: Readonly<Record<string, number>> }
    | { readonly like: string };
  readonly room: Omit<Insertable<RoomsTable>, 'event'>;
}

const HOLD_TTL_MS = 600_000;
const CLAIM_WINDOW_MS = 120_000;
const SESSION_TTL_MS = 900_000;
/** The stadium's fees are taxed too, on top; the club's price is what it costs. */
const ADDED_TAX = { tax_basis_points: 9_50, tax_included: false };
const CONTAINED_TAX = { tax_basis_points: 9_50, tax_included: true };

export const programme: readonly Production[] = [
  {
    venue: {
      id: 'dodgers-stadium',
      name: 'Dodgers Stadium',
      city: 'Los Angeles',
      region: 'CA',
      country: 'US',
      time_zone: 'America/Los_Angeles',
      capacity: STADIUM_CAPACITY,
    },
    event: {
      id: 'dodgers-live',
      name: 'Live at Dodgers Stadium',
      starts_at: new Date('2027-07-17T19:30:00-07:00'),
      currency: 'USD',
      admission: 'seated',
      buyer_limit: 6,
      hold_ttl_ms: HOLD_TTL_MS,
    },
    tiers: [
      { id: 'field', name: 'Field', price_minor: 350_00, fee_minor: 28_50, ...ADDED_TAX, position: 1 },
      { id: 'loge', name: 'Loge', price_minor: 225_00, fee_minor: 19_75, ...ADDED_TAX, position: 2 },
      { id: 'reserve', name: 'Reserve', price_minor: 150_00, fee_minor: 14_50, ...ADDED_TAX, position: 3 },
      { id: 'top-deck', name: 'Top Deck', price_minor: 100_00, fee_minor: 9_95, ...ADDED_TAX, position: 4 },
    ],
    tickets: { blocks: stadium },
    room: {
      open: true,
      paused: false,
      rate_per_minute: 3_000,
      capacity: 2_000,
      claim_window_ms: CLAIM_WINDOW_MS,
      session_ttl_ms: SESSION_TTL_MS,
    },
  },
  {
    venue: {
      id: 'club',
      name: 'The Club',
      city: 'Los Angeles',
      region: 'CA',
      country: 'US',
      time_zone: 'America/Los_Angeles',
      capacity: 500,
    },
    event: {
      id: 'club-night',
      name: 'Club Night',
      starts_at: new Date('2027-05-22T21:00:00-07:00'),
      currency: 'USD',
      admission: 'general',
      buyer_limit: 2,
      hold_ttl_ms: HOLD_TTL_MS,
    },
    tiers: [{ id: 'general', name: 'General admission', price_minor: 40_00, ...CONTAINED_TAX, position: 1 }],
    tickets: { units: { general: 500 } },
    room: {
      open: true,
      paused: false,
      rate_per_minute: 600,
      capacity: 200,
      claim_window_ms: CLAIM_WINDOW_MS,
      session_ttl_ms: SESSION_TTL_MS,
    },
  },
];
