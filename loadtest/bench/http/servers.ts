import { join } from 'node:path';
import { pickPort } from '../../../bin/stack/ports.ts';
import { startSale } from '../../../bin/stack/sale.ts';
import { supervise } from '../../../bin/stack/supervisor.ts';
import type { Context } from '../bench.ts';

/** Every server of the bench, each a process of its own; all are up from the beginning, and asked in turn. */
export interface HttpServers {
  readonly coreUrl: string;
  readonly gatewayUrl: string;
  /** By stage: `empty`, `body`, `session`. */
  readonly stageUrls: Readonly<Record<(typeof STAGES)[number], string>>;
  readonly hmacKeys: string;
}

const STAGES = ['empty', 'body', 'session'] as const;

export async function startHttpServers(
  { dir, redisUrl, atEnd }: Context,
  databaseUrl: string,
): Promise<HttpServers> {
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

  const taken = new Set<number>();
  const urls: Record<string, string> = {};
  const programs = [];
  for (const stage of STAGES) {
    const port = await pickPort(taken);
    urls[stage] = `http://127.0.0.1:${port}`;
    programs.push({
      name: stage,
      command: process.execPath,
      args: [join(import.meta.dirname, 'stage-server.ts'), stage, String(port)],
      cwd: dir,
      env: { ...process.env, HMAC_KEYS: hmacKeys },
      healthy: async () => (await fetch(urls[stage]!)).status === 404,
    });
  }
  const stages = await supervise([programs], {
    dir,
    restart: false,
    onLine: () => {},
    onGiveUp: () => {},
  });
  atEnd(stages.stop);
  return {
    coreUrl: sale.coreUrl,
    gatewayUrl: sale.gatewayUrl,
    stageUrls: urls as HttpServers['stageUrls'],
    hmacKeys,
  };
}
