import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import {
  createDatabase,
  databaseAt,
  databaseExists,
  dropDatabase,
  onServer,
  seed,
} from '../bin/stack/database.ts';
import { settleDefaults } from '../booking-core/src/db/defaults.ts';

export interface FreshDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** Taken while the seeded template is made, so that one worker of several makes it. Any number; nobody else locks here. */
const SEEDING_LOCK = 7_301_442;

/**
 * A migrated database of the caller's own, dropped by `drop` (connections to it are ended). Its clock may be moved
 * (booking-core/migrations/0001_clock.sql): its name begins with onsale_test_.
 * @param options.seeded with the venue, events and tickets that `bin/up` begins with.
 */
export async function freshDatabase({ seeded = false } = {}): Promise<FreshDatabase> {
  const { databaseUrl, run, template } = inject('servers');
  const from = seeded ? await seededTemplate() : template;
  const name = `onsale_test_${run}_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(databaseUrl, name, from);
  // What a template does not carry along: without it tests would run under other settings than a sale.
  await onServer(url, (client) => settleDefaults(client));
  return {
    url,
    drop: () => dropDatabase(databaseUrl, name),
  };
}

/** Made by the first who asks; renamed when whole, so a copy of a half-filled one cannot be had. */
async function seededTemplate(): Promise<string> {
  const { databaseUrl, run, template } = inject('servers');
  const [draft, name] = [`onsale_test_${run}_draft`, `onsale_test_${run}_seeded`];
  await onServer(databaseUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [SEEDING_LOCK]);
    if (await databaseExists(databaseUrl, name)) return;
    await dropDatabase(databaseUrl, draft);
    await createDatabase(databaseUrl, draft, template);
    await seed(databaseAt(databaseUrl, draft));
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  });
  return name;
}
