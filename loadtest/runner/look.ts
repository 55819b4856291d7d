import { auditSale } from '../audit/audit.ts';
import { notLooked, promisesOf } from '../report/promises.ts';
import type { Promised } from '../report/report.ts';
import type { Place } from './place.ts';

/**
 * What became of every promise on this event. Audited while its line is still in Redis, so before the event is taken down. The
 * audit waits until nothing is in flight; who stops the run does not.
 */
export async function look(place: Place, event: string, signal: AbortSignal): Promise<Promised[]> {
  if (place.servers === undefined) return notLooked('DATABASE_URL and REDIS_URL of that sale were not given');
  const stopped = new Promise<Promised[]>((resolve) => {
    const stop = (): void => resolve(notLooked('the run was interrupted'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  const { databaseUrl, redisUrl, redisPrefix } = place.servers;
  const audit = async (): Promise<Promised[]> => {
    try {
      return promisesOf(await auditSale({ databaseUrl, redisUrl, redisPrefix, event }));
    } catch (error) {
      return notLooked(error instanceof Error ? error.message : String(error));
    }
  };
  return signal.aborted ? stopped : Promise.race([audit(), stopped]);
}
