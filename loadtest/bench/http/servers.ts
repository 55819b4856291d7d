import { join } from 'node:path';
import { startSale } from '../../../bin/stack/sale.ts';
import type { Context } from '../bench.ts';
import { startStages } from './stages.ts';

/** Every server of the bench, each a process of its own; all are up from the beginning, and asked in turn. */
export interface HttpServers {
  readonly coreUrl: string;
  readonly gatewayUrl: string;
  /** By stage: `empty`, `body`, `session`. */
  readonly stageUrls: Readonly<Record<(typeof STAGES)[number], string>>;
  readonly hmacKeys: string;
}

const STAGES = ['empty', 'body', 'session'] as const;

export async function startHttpServers(context: Context, databaseUrl: string): Promise<HttpServers> {
  const { dir, redisUrl, atEnd } = context;
  const sale = await startSale({
    dir,
    databaseUrl,
    redisUrl,
    redisPrefix: 'bench',
    processes: { 'core-worker': 0, admission: 0 },
    env: { LOG_LEVEL: 'warn' },
  });
  atEnd(sale.stop);
  const hmacKeys = sale.env.HMAC_KEYS!;
  const script = join(import.meta.dirname, 'stage-server.ts');
  const stageUrls = await startStages(context, script, STAGES, { HMAC_KEYS: hmacKeys });
  return { coreUrl: sale.coreUrl, gatewayUrl: sale.gatewayUrl, stageUrls, hmacKeys };
}
