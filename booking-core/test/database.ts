import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { createDatabase, dropDatabase } from '../../bin/stack/database.ts';

/** A migrated database of a name whose clock may be moved (migrations/0001_clock.sql). */
export async function clockedDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const { databaseUrl, template } = inject('servers');
  const name = `onsale_test_${randomBytes(8).toString('hex')}`;
  return {
    url: await createDatabase(databaseUrl, name, template),
    drop: () => dropDatabase(databaseUrl, name),
  };
}
