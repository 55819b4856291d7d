import type { Keeping } from './kept-process.ts';
import { postgresIn, removePostgres } from './postgres.ts';
import { redisIn } from './redis.ts';
import { secretsIn } from './secrets.ts';
import { ownFolder } from './state.ts';
import { type Supervisor, supervise } from './supervisor.ts';

/** The two servers everything stands on, as far as we started them; their data outlives `stop`. */
export interface Servers extends Supervisor {
  /** Superuser, database `postgres` (or, the person's own server, whatever DATABASE_URL says). */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Which of them are ours; the rest is the person's own. */
  readonly ours: ReadonlyArray<'postgres' | 'redis'>;
}

/**
 * Starts Postgres and Redis with their data below `dir`. `DATABASE_URL` and `REDIS_URL` of the environment are used
 * instead where they are set.
 */
export async function startServers({
  dir,
  env = process.env,
  ...keeping
}: { dir: string; env?: NodeJS.ProcessEnv } & Partial<Keeping>): Promise<Servers> {
  const { postgresPassword, redisPassword } = secretsIn(ownFolder(dir));
  const postgres = env.DATABASE_URL ? undefined : await postgresIn(dir, postgresPassword);
  const redis = env.REDIS_URL ? undefined : await redisIn(dir, redisPassword);
  const programs = [postgres?.program ?? [], redis?.program ?? []].flat();
  const supervisor = await supervise([programs], {
    dir,
    restart: false,
    onLine: () => {},
    onGiveUp: () => {},
    ...keeping,
  });
  return {
    ...supervisor,
    databaseUrl: postgres?.url ?? env.DATABASE_URL!,
    redisUrl: redis?.url ?? env.REDIS_URL!,
    ours: [...(postgres ? (['postgres'] as const) : []), ...(redis ? (['redis'] as const) : [])],
  };
}

/** Removes what `startServers` kept outside the folder; the servers must have stopped. */
export const removeServers = removePostgres;
