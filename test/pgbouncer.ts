import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inject } from 'vitest';
import { pgbouncerIn } from '../bin/stack/pgbouncer.ts';
import { pgbouncerBinary } from '../bin/stack/pgbouncer-binary.ts';
import { ownFolder } from '../bin/stack/state.ts';
import { supervise } from '../bin/stack/supervisor.ts';
import { describeWith } from './with-tool.ts';

export interface Bouncer {
  /** The address of a database of the run's Postgres, through it. */
  readonly through: (databaseUrl: string) => string;
  readonly stop: () => Promise<void>;
}

/** A real PgBouncer in transaction mode in front of the run's Postgres. */
export async function startPgbouncer(): Promise<Bouncer> {
  const { databaseUrl, dir } = inject('servers');
  const own = ownFolder(join(dir, `pgbouncer-${randomBytes(4).toString('hex')}`));
  const { program, through } = await pgbouncerIn(own, databaseUrl);
  const { stop } = await supervise([[program]], {
    dir,
    restart: false,
    onLine: () => {},
    onGiveUp: () => {},
  });
  return { through, stop };
}

export const describeWithPgbouncer = describeWith(pgbouncerBinary());
