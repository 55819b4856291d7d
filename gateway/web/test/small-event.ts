import type { Production } from '../../../booking-core/src/catalog/programme.ts';
import { stage } from '../../../booking-core/src/catalog/stage.ts';
import { openDatabase } from '../../../booking-core/src/db/database.ts';

export interface SmallEvent {
  readonly units?: number;
  /** Numbered seats instead: this many sections of two rows, with fees and a tax on top. */
  readonly seated?: { readonly sections: number; readonly seats: number; readonly accessible?: number };
  readonly limit?: number;
  readonly holdTtlMs?: number;
  readonly capacity?: number;
  readonly name?: string;
  /** Of its room, what differs: before anyone joins more can be chosen than afterwards. */
  readonly room?: Partial<Production['room']>;
}

/** An event so small that a test can take all of it. */
export async function stageSmallEvent(databaseUrl: string, id: string, options: SmallEvent): Promise<void> {
  const {
    units = 0,
    seated,
    limit = 2,
    holdTtlMs = 600_000,
    capacity = 100,
    name = 'A Small Night',
    room = {},
  } = options;
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    await database.transact('read committed', (tx) =>
      stage(tx, {
        venue: {
          id: 'cellar',
          name: 'The Cellar',
          city: 'Los Angeles',
          region: 'CA',
          country: 'US',
          time_zone: 'America/Los_Angeles',
          capacity: 50,
        },
        event: {
          id,
          name,
          starts_at: new Date('2027-05-22T21:00:00-07:00'),
          currency: 'USD',
          admission: seated === undefined ? 'general' : 'seated',
          buyer_limit: limit,
          hold_ttl_ms: holdTtlMs,
        },
        ...(seated === undefined ? general(units) : numbered(seated)),
        room: {
          open: true,
          paused: false,
          rate_per_minute: 60_000,
          capacity,
          claim_window_ms: 60_000,
          session_ttl_ms: 600_000,
          ...room,
        },
      }),
    );
  } finally {
    await database.close();
  }
}

const general = (units: number) => ({
  tiers: [{ id: 'general', name: 'General admission', price_minor: 25_00, position: 1 }],
  tickets: { units: { general: units } },
});

const numbered = ({ sections, seats, accessible = 0 }: NonNullable<SmallEvent['seated']>) => ({
  tiers: [
    {
      id: 'stalls',
      name: 'Stalls',
      price_minor: 50_00,
      fee_minor: 5_00,
      tax_basis_points: 10_00,
      position: 1,
    },
    { id: 'balcony', name: 'Balcony', price_minor: 20_00, position: 2 },
  ],
  tickets: {
    blocks: [
      {
        tier: 'stalls',
        prefix: 'Stalls ',
        firstSection: 1,
        sections,
        rows: 2,
        seats,
        distance: 1,
        accessible,
      },
      {
        tier: 'balcony',
        prefix: 'Balcony ',
        firstSection: 1,
        sections: 1,
        rows: 2,
        seats,
        distance: 9,
        accessible: 0,
      },
    ],
  },
});
