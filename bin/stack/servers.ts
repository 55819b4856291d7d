import { removePostgres, startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { secretsIn } from './secrets.ts';

/** The two servers everything stands on. */
export interface Servers {
  /** Superuser, database `postgres` (or, the person's own server, whatever DATABASE_URL says). */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Which of them we started; the rest is the person's own. */
  readonly ours: ReadonlyArray<'postgres' | 'redis'>;
  /** Stops those we started, Redis first. Their data stays. */
  stop(): Promise<void>;
}

/**
 * Starts Postgres and Redis with their data below `dir`. `DATABASE_URL` and `REDIS_URL` of the environment are used
 * instead where they are set.
 */
export async function startServers({
  dir,
  env = process.env,
}: {
  dir: string;
  env?: NodeJS.ProcessEnv;
}): Promise<Servers> {
  const secrets = secretsIn(dir);
  const postgres = env.DATABASE_URL ? undefined : await startPostgres(dir, secrets.postgresPassword);
  try {
    const redis = env.REDIS_URL ? undefined : await startRedis(dir, secrets.redisPassword);
    return {
      databaseUrl: postgres?.url ?? env.DATABASE_URL!,
      redisUrl: redis?.url ?? env.REDIS_URL!,
      ours: [...(postgres ? (['postgres'] as const) : []), ...(redis ? (['redis'] as const) : [])],
      async stop() {
        await redis?.stop();
        await postgres?.stop();
      },
    };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

/** Removes what `startServers` kept outside the folder; the servers must have stopped. */
export const removeServers = removePostgres;
