import { Refusal } from '@onsale/shared/errors';
import type { Cost } from '@onsale/shared/http/common';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { oneAtATime } from '../service/flight.ts';

export interface CatalogTier {
  readonly id: string;
  readonly name: string;
  readonly cost: Cost;
  readonly taxIncluded: boolean;
}

export interface CatalogEvent {
  readonly id: string;
  readonly name: string;
  readonly startsAtMs: number;
  readonly currency: string;
  readonly admission: 'seated' | 'general';
  readonly buyerLimit: number;
  readonly holdTtlMs: number;
  /** Until when a buyer may give his order back; null: never. */
  readonly cancelUntilMs: number | null;
  readonly cancelled: boolean;
  /** Of a load test: it is in no list. */
  readonly rehearsal: boolean;
  readonly venue: {
    venueId: string;
    name: string;
    city: string;
    region: string;
    country: string;
    timeZone: string;
    capacity: number;
  };
  /** Dearest first. */
  readonly tiers: readonly CatalogTier[];
}

export interface Catalog {
  /** Every event but rehearsals, soonest first; at most limits.eventMaxAgeMs old. */
  list(): Promise<readonly CatalogEvent[]>;
  /** @throws Refusal eventUnknown */
  event(id: string): Promise<CatalogEvent>;
  /** What was kept is not used again: an event was changed here. */
  forget(): void;
}

/** Names, prices and rules of what is on sale: all of it in memory, since it is small and read by every request. */
export function openCatalog(db: Db): Catalog {
  const reload = oneAtATime(() => loadEvents(db));
  let kept: { events: ReadonlyMap<string, CatalogEvent>; loadedAtMs: number } | undefined;

  const load = async () => {
    const events = await reload();
    kept = { events, loadedAtMs: performance.now() };
    return events;
  };
  const fresh = () =>
    kept !== undefined && performance.now() - kept.loadedAtMs < limits.eventMaxAgeMs
      ? kept.events
      : undefined;

  return {
    list: async () => [...(fresh() ?? (await load())).values()].filter(({ rehearsal }) => !rehearsal),
    async event(id) {
      // An event may be newer than what is kept, so an unknown name is looked up; all who ask share one query.
      const event = (fresh() ?? (await load())).get(id) ?? (await load()).get(id);
      if (event === undefined) throw new Refusal('eventUnknown');
      return event;
    },
    forget: () => {
      kept = undefined;
    },
  };
}

async function loadEvents(db: Db): Promise<ReadonlyMap<string, CatalogEvent>> {
  const [events, tiers] = await Promise.all([
    db
      .selectFrom('events')
      .innerJoin('venues', 'venues.id', 'events.venue')
      .selectAll('events')
      .select(['venues.name as venue_name', 'city', 'region', 'country', 'time_zone', 'capacity'])
      .orderBy('starts_at')
      .orderBy('events.id')
      .execute(),
    loadTiers(db),
  ]);
  return new Map(
    events.map((row) => [
      row.id,
      {
        id: row.id,
        name: row.name,
        startsAtMs: row.starts_at.getTime(),
        currency: row.currency,
        admission: row.admission,
        buyerLimit: row.buyer_limit,
        holdTtlMs: row.hold_ttl_ms,
        cancelUntilMs: row.cancel_until?.getTime() ?? null,
        cancelled: row.cancelled_at !== null,
        rehearsal: row.rehearsal,
        venue: {
          venueId: row.venue,
          name: row.venue_name,
          city: row.city,
          region: row.region,
          country: row.country,
          timeZone: row.time_zone,
          capacity: row.capacity,
        },
        tiers: tiers
          .filter(({ event }) => event === row.id)
          .map(({ event: _event, id, name, taxIncluded, ...cost }) => ({ id, name, taxIncluded, cost })),
      },
    ]),
  );
}

async function loadTiers(db: Db) {
  const { rows } = await sql<{ event: string; id: string; name: string; taxIncluded: boolean } & Cost>`
    select t.event, t.id, t.name, t.tax_included "taxIncluded", cost.price_minor "priceMinor",
      cost.fee_minor "feeMinor", cost.tax_minor "taxMinor", cost.total_minor "totalMinor"
    from tiers t cross join lateral ticket_cost(t.price_minor, t.fee_minor, t.tax_basis_points, t.tax_included) cost
    order by t.position`.execute(db);
  return rows;
}
