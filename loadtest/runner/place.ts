import { isLoopback } from '../../bin/stack/loopback.ts';
import { startOwnSale } from '../../bin/stack/own-sale.ts';
import { runningSale } from '../../bin/stack/running.ts';
import type { AuditOptions } from '../audit/audit.ts';
import type { Report } from '../report/report.ts';
import type { RunWish } from './arguments.ts';

/** The sale that is put under load. */
export interface Place {
  readonly kind: Report['target'];
  readonly url: string;
  /** A manager's. */
  readonly operatorToken: string;
  /** Where its promises can be looked at; undefined: nobody said. */
  readonly servers: Pick<AuditOptions, 'databaseUrl' | 'redisUrl' | 'redisPrefix'> | undefined;
  /** Metrics of its processes, where those are reached: only of a sale that was started for the run. */
  readonly metricsUrls: readonly string[];
  /** Ends what was started for the run, and nothing else. */
  leave(): Promise<void>;
}

/** @throws when the wish is not allowed, or the sale is not there. */
export async function placeOf(
  { target, mine }: Pick<RunWish, 'target' | 'mine'>,
  env: NodeJS.ProcessEnv,
  { dir, signal, say }: { dir: string; signal: AbortSignal; say(line: string): void },
): Promise<Place> {
  const running = runningSale();
  if (target !== undefined) {
    const url = allowed(target, mine);
    return running !== undefined && url === running.gatewayUrl ? here(running) : elsewhere(url, env);
  }
  if (running !== undefined) return here(running);
  say('No sale runs here: starting one for this run.');
  const own = await startOwnSale({ dir, signal });
  const { gatewayUrl: url, operatorToken, databaseUrl, redisUrl, redisPrefix, healthUrls } = own;
  return {
    kind: 'own',
    url,
    operatorToken,
    servers: { databaseUrl, redisUrl, redisPrefix },
    metricsUrls: Object.values(healthUrls).map((health) => new URL('metrics', health).href),
    leave: own.stop,
  };
}

/** The address without what stands behind it. @throws for somebody else's machine. */
export function allowed(target: string, mine: boolean): string {
  if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol))
    throw new Error(`${target} is no address: --target https://…`);
  if (!isLoopback(target) && !mine) {
    throw new Error(
      `${new URL(target).hostname} is not this machine. If that sale is yours to load, and those who run it know: --this-is-mine`,
    );
  }
  return new URL(target).origin;
}

const here = (sale: NonNullable<ReturnType<typeof runningSale>>): Place => ({
  kind: 'running',
  url: sale.gatewayUrl,
  operatorToken: sale.operatorToken,
  servers: sale,
  metricsUrls: [],
  leave: async () => {},
});

function elsewhere(url: string, env: NodeJS.ProcessEnv): Place {
  const { ONSALE_OPERATOR_TOKEN, DATABASE_URL, REDIS_URL, REDIS_PREFIX = 'onsale' } = env;
  if (!ONSALE_OPERATOR_TOKEN)
    throw new Error(
      "ONSALE_OPERATOR_TOKEN must be a manager's token of that sale: bin/token <name> --role manager",
    );
  const servers =
    DATABASE_URL && REDIS_URL
      ? { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, redisPrefix: REDIS_PREFIX }
      : undefined;
  return {
    kind: 'target',
    url,
    operatorToken: ONSALE_OPERATOR_TOKEN,
    servers,
    metricsUrls: [],
    leave: async () => {},
  };
}
