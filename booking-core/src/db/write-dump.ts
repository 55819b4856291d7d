import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@onsale/shared/config';
import pg from 'pg';
import { dumpSchema } from './dump.ts';

/** `node booking-core/src/db/write-dump.ts`, with DATABASE_URL of a migrated database: after each new migration. */
const { DATABASE_URL } = readConfig(process.env, ['DATABASE_URL']);
const client = new pg.Client({ connectionString: DATABASE_URL });
await client.connect();
try {
  writeFileSync(join(import.meta.dirname, 'schema.sql'), await dumpSchema(client));
} finally {
  await client.end();
}
