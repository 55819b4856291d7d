import { stage } from '../../../booking-core/src/catalog/stage.ts';
import { openDatabase } from '../../../booking-core/src/db/database.ts';

/** An event so small that a test can take all of it. */
export async function stageSmallEvent(
  databaseUrl: string,
  id: string,
  options: { units: number; limit?: number; holdTtlMs?: number; capacity?: number },
): Promise<void> {
  const { units, limit = 2, holdTtlMs = 600_000, capacity = 100 } = options;
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    await database.transact((tx) =>
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
          name: 'A Small Night',
          starts_at: new Date('2027-05-22T21:00:00-07:00'),
          currency: 'USD',
          admission: 'general',
          buyer_limit: limit,
          hold_ttl_ms: holdTtlMs,
        },
        tiers: [{ id: 'general', name: 'General admission', price_minor: 25_00, position: 1 }],
        tickets: { tier: 'general', units },
        room: {
          open: true,
          paused: false,
          rate_per_minute: 60_000,
          capacity,
          claim_window_ms: 60_000,
          session_ttl_ms: 600_000,
        },
      }),
    );
  } finally {
    await database.close();
  }
}
