import { type Production, programme } from '@onsale/booking-core/catalog/programme';
import { type Block, seatsOf } from '@onsale/booking-core/catalog/stadium';
import { stage } from '@onsale/booking-core/catalog/stage';
import type { Database } from '@onsale/booking-core/db/database';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';

const production = programme[0]!;
export const EVENT = production.event.id;
/** From so many fans on it has all of its 56,000 seats: selling them takes the longer part of a small run. */
const FANS_OF_ALL = 1_000_000;
/** Doors that nobody has opened yet. */
const FAR_MS = 3_600_000;

/**
 * Puts the stadium on sale, with a draw whose doors are not open yet. Fewer fans than a million find a smaller stadium of
 * the same shape: every block has as many sections fewer.
 * @returns how many seats there are
 */
export async function putStadiumOnSale({ transact, db }: Database, fans: number): Promise<number> {
  const blocks = blocksFor(fans);
  const seats = seatsOf(blocks);
  const { event, tiers } = production;
  const venue = { ...production.venue, capacity: seats };
  const room: Production['room'] = {
    ...production.room,
    rate_per_minute: limits.ratePerMinuteMax,
    order_mode: 'draw',
    opens_at: new Date(Date.now() + FAR_MS),
  };
  await transact('read committed', (tx) => stage(tx, { venue, event, tiers, tickets: { blocks }, room }));
  await sql`analyze tickets`.execute(db);
  return seats;
}

export function blocksFor(fans: number): Block[] {
  const { tickets } = production;
  if (!('blocks' in tickets)) throw new Error('The stadium has no seats.');
  const part = Math.min(1, fans / FANS_OF_ALL);
  return tickets.blocks.map((block) => {
    const sections = Math.max(1, Math.floor(block.sections * part));
    return { ...block, sections, accessible: Math.floor((block.accessible * sections) / block.sections) };
  });
}
