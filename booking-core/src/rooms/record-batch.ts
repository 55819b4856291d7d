import type { Batch, RecordedBatch } from '@onsale/shared/http/internal';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';

/**
 * Writes down who was let in. Safe to repeat: (event, place, turn) is recorded once, and a repeat hears `already`. The
 * room must be there.
 */
export async function recordBatch(
  { db, retrying }: Database,
  eventId: string,
  { batch, epoch, reason, takenAtMs, places }: Batch,
): Promise<RecordedBatch> {
  const { rows } = await retrying(() =>
    sql<{ place: string; turn: number; is_new: boolean }>`select * from record_batch(
      ${eventId}, ${batch}, ${epoch}, ${reason}, ${new Date(takenAtMs)},
      ${places.map(({ place }) => place)}::text[], ${places.map(({ turn }) => turn)}::int[],
      ${places.map(({ order }) => order)}::bigint[], ${places.map(({ lane }) => lane)}::text[], ${places.map(({ back }) => back)}::boolean[])`.execute(
      db,
    ),
  );
  return {
    places: rows.map(({ place, turn, is_new }) => ({ place, turn, outcome: is_new ? 'new' : 'already' })),
  };
}
