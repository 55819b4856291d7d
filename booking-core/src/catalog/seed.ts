import { pathToFileURL } from 'node:url';
import { readConfig } from '@onsale/shared/config';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../db/database.ts';
import { programme } from './programme.ts';
import { stage } from './stage.ts';

/** Nobody waits at a counter for it: a slow machine, or another one that seeds, takes as long as it takes. */
export const seedPatience = { lockTimeoutMs: limits.seedMs, statementTimeoutMs: limits.seedMs } as const;

/** Puts the programme on sale, what is not there yet of it. @returns ids of the events that are new. */
export async function seed({ transact, db }: Database): Promise<string[]> {
  const made: string[] = [];
  for (const production of programme) {
    if (await transact('read committed', (tx) => stage(tx, production))) made.push(production.event.id);
  }
  // Without statistics the first claims of a fresh table would be planned for an empty one.
  if (made.length > 0) await sql`analyze tickets`.execute(db);
  return made;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { DATABASE_URL } = readConfig(process.env, ['DATABASE_URL']);
  const database = openDatabase(DATABASE_URL, { connections: 1, ...seedPatience });
  try {
    const made = await seed(database);
    console.log(made.length === 0 ? 'nothing to seed' : `on sale: ${made.join(', ')}`);
  } finally {
    await database.close();
  }
}
