import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { batcher } from './batcher.ts';

interface Question {
  readonly lane: string;
  readonly tickets: readonly number[];
}

/** Which of these tickets are not free: by a read that began after the question, shared by all who ask meanwhile. */
export function openTaken(db: Db): (tickets: readonly number[]) => Promise<number[]> {
  let asked = 0;
  const questions = batcher<Question, number[]>({
    judge: async (batch) => {
      const ids = [...new Set(batch.flatMap(({ tickets }) => tickets))];
      // As text: these are numbers, and pg escapes arrays slowly.
      const { rows } = await sql<{ id: number }>`
        with clock as materialized (select sale_clock() at)
        select t.id from clock, tickets t where t.id = any (${`{${ids.join()}}`}::int[]) and t.free_at > clock.at`.execute(
        db,
      );
      const gone = new Set(rows.map(({ id }) => id));
      return batch.map(({ tickets }) => tickets.filter((id) => gone.has(id)));
    },
    laneOf: ({ lane }) => lane,
    batchMax: limits.claimBatchMaxHolds,
    queueMax: limits.claimQueueMaxHolds,
    batchesInFlight: 1,
  });
  return (tickets) => questions.add({ lane: String(asked++), tickets });
}
