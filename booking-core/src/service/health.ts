import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { within } from './within.ts';

/** Whether Postgres answers, soon. @returns what is away */
export async function ailing(db: Db): Promise<string[]> {
  try {
    await within(limits.healthTimeoutMs, sql`select 1`.execute(db));
    return [];
  } catch {
    return ['postgres'];
  }
}
