import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { k6Command } from './k6-binary.ts';
import { assertLoopback } from './loopback.ts';
import { startOwnSale } from './own-sale.ts';
import { runningSale } from './running.ts';
import type { Sale } from './sale.ts';
import { runThrough } from './shell.ts';
import { repositoryRoot } from './state.ts';

/**
 * bin/k6 <script> [k6's arguments]: the running sale under load, or one made for the run; then the audit of it.
 * Status 1 when a threshold or a promise is broken, 2 when it could not be tried.
 */
const scripts = join(repositoryRoot, 'loadtest', 'k6');
type Target = Pick<Sale, 'gatewayUrl' | 'databaseUrl' | 'redisUrl' | 'redisPrefix' | 'operatorToken'>;

const abort = new AbortController();
// Ctrl-C reaches k6 too, which ends its run and reports; we stay to take the sale away.
process.on('SIGINT', () => abort.abort());
process.on('SIGTERM', () => abort.abort());

k6(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  },
);

async function k6([name = '', ...args]: string[]): Promise<number> {
  const script = scriptOf(name);
  if (args.some((argument) => argument.includes('ONSALE_URL'))) {
    throw new Error('ONSALE_URL is set by bin/k6: load is sent to the sale of this machine only.');
  }
  const command = k6Command();
  const running = runningSale();
  if (running !== undefined) return underLoad(running, command, script, args);
  console.log('No sale runs here: starting one for this run.');
  const own = await startOwnSale('k6', abort.signal);
  try {
    return await underLoad(own, command, script, args);
  } finally {
    await own.stop();
  }
}

/** By its name, or by its path as a shell completes it. */
function scriptOf(name: string): string {
  const script = [join(scripts, `${name}.ts`), name].find((file) => file.endsWith('.ts') && existsSync(file));
  if (script !== undefined) return script;
  const known = readdirSync(scripts).filter((file) => file.endsWith('.ts'));
  throw new Error(
    `bin/k6 <script> [k6's arguments]\nScripts: ${known.map((file) => file.slice(0, -3)).join(', ')}`,
  );
}

async function underLoad(
  sale: Target,
  command: readonly string[],
  script: string,
  args: string[],
): Promise<number> {
  assertLoopback(sale.gatewayUrl);
  const [program, ...before] = command;
  const load = await runThrough(program!, [...before, 'run', '--no-usage-report', ...args, script], {
    env: {
      ...process.env,
      ONSALE_URL: sale.gatewayUrl,
      ONSALE_OPERATOR_TOKEN: sale.operatorToken,
      ONSALE_EVENT: process.env.ONSALE_EVENT || 'club-night',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    },
  });
  const audit = await runThrough(process.execPath, [join(repositoryRoot, 'loadtest/audit/main.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: sale.databaseUrl,
      REDIS_URL: sale.redisUrl,
      REDIS_PREFIX: sale.redisPrefix,
    },
  });
  console.log(`k6 ${load === 0 ? 'passed' : 'failed'}, audit ${audit === 0 ? 'clean' : 'not clean'}`);
  return load === 0 && audit === 0 ? 0 : 1;
}
