import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { limits } from '@onsale/shared/limits';
import { createDatabase, databaseAt, databaseExists, migrate, seed } from './database.ts';
import { tryLock } from './lock.ts';
import { logLine } from './log-line.ts';
import { endRecorded } from './pid-records.ts';
import type { Options } from './programs.ts';
import { announceSale, runningSale } from './running.ts';
import { type Sale, startSale } from './sale.ts';
import { removeServers, type Servers, startServers } from './servers.ts';
import { ownFolder, stateFolder } from './state.ts';
import { buildWeb } from './web.ts';

const USAGE = `bin/up [--fresh] [--port <number>]
Starts the whole sale and runs until Ctrl-C, which stops all it started.
  --fresh   start over: forgets the sale of this checkout (a DATABASE_URL or REDIS_URL of your own is left as it is)
  --port    the fans' port (3000, or GATEWAY_PORT)
DATABASE_URL and REDIS_URL use servers of your own; docs/operations/config.md lists every option.`;

const DATABASE = 'onsale';
/** Options a person may set for bin/up; the others are made here. */
const PERSONAL = [
  'REDIS_PREFIX',
  'HOST',
  'SERVICE_TOKEN',
  'HMAC_KEYS',
  'PLACE_KEY',
  'PASS_KEYS',
  'PUBLIC_URL',
  'TRUSTED_PROXIES',
  'NETWORK_REQUESTS_PER_MINUTE',
  'LOG_LEVEL',
  'SANDBOX_SLOW_MS',
  'PAYMENT_PROVIDER',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_PUBLISHABLE_KEY',
  'SMTP_URL',
  'MAIL_DIR',
  'MAIL_FROM',
] as const;

const dir = join(stateFolder, 'up');
/** What is to be undone when we end, last first. */
const undo: Array<() => void | Promise<void>> = [];
let ending: Promise<void> | undefined;
const abort = new AbortController();

process.on('SIGINT', () => void end(0, 'Stopping.'));
process.on('SIGTERM', () => void end(0, 'Stopping.'));
process.on('SIGHUP', () => void end(0, 'Stopping.'));

const starting = up();
starting.catch((error: Error) => end(1, error.message));

async function up(): Promise<void> {
  const { fresh, port } = wishes();
  const release = tryLock(join(ownFolder(stateFolder), 'up.lock'));
  if (release === undefined) {
    const where = runningSale()?.gatewayUrl;
    throw new Error(
      `bin/up of this checkout already runs${where ? ` at ${where}/` : ''}. Stop that one first.`,
    );
  }
  undo.push(release);
  const left = await endRecorded(dir, limits.drainMs);
  if (left.length > 0) say(`Ended what a killed bin/up had left running: ${left.join(', ')}.`);
  if (fresh) startOver();

  // Both at once, for they take the longest; but nothing ends before the servers are known, or they would be left behind.
  const pages = buildWeb();
  pages.catch(() => {});
  const servers = await serversWithData();
  await pages;
  const sale = await processes(servers, port);
  undo.push(announceSale({ ...sale, operatorUrl: operatorUrl(sale) }));
  welcome(sale, port);
}

function wishes(): { fresh: boolean; port: number } {
  try {
    const { values } = parseArgs({
      options: {
        fresh: { type: 'boolean', default: false },
        port: { type: 'string', default: process.env.GATEWAY_PORT || '3000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      say(USAGE);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${values.port} is no port`);
    return { fresh: values.fresh, port };
  } catch (error) {
    say(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function startOver(): void {
  removeServers(dir);
  rmSync(dir, { recursive: true, force: true });
  const kept = ['DATABASE_URL', 'REDIS_URL'].filter((name) => process.env[name]);
  if (kept.length > 0) say(`--fresh: what is in your ${kept.join(' and ')} is left as it is.`);
}

async function serversWithData(): Promise<Servers> {
  const servers = await startServers({ dir, restart: true, onLine, onGiveUp, signal: abort.signal });
  undo.push(servers.stop);
  if (!servers.ours.includes('postgres')) {
    await migrateAndSeed(servers.databaseUrl);
    return servers;
  }
  if (!(await databaseExists(servers.databaseUrl, DATABASE)))
    await createDatabase(servers.databaseUrl, DATABASE);
  const databaseUrl = databaseAt(servers.databaseUrl, DATABASE);
  await migrateAndSeed(databaseUrl);
  return { ...servers, databaseUrl };
}

async function migrateAndSeed(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl);
  await seed(databaseUrl);
}

async function processes({ databaseUrl, redisUrl }: Servers, port: number): Promise<Sale> {
  const env = Object.fromEntries(
    PERSONAL.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  ) as Options;
  const sale = await startSale({
    dir,
    databaseUrl,
    redisUrl,
    redisPrefix: env.REDIS_PREFIX ?? 'onsale',
    env,
    preferredPorts: { GATEWAY_PORT: port },
    supervised: true,
    onLine,
    onGiveUp,
    signal: abort.signal,
  });
  undo.push(sale.stop);
  return sale;
}

const operatorUrl = (sale: Sale): string => `${sale.gatewayUrl}/operator#token=${sale.operatorToken}`;

function welcome(sale: Sale, wanted: number): void {
  const port = Number(new URL(sale.gatewayUrl).port);
  say(`
${port === wanted ? '' : `  Port ${wanted} is taken; this sale is on ${port}.\n\n`}  Fans       ${sale.gatewayUrl}/
  Operator   ${operatorUrl(sale)}
  Mail       ${sale.env.SMTP_URL === undefined ? `files in ${sale.env.MAIL_DIR}` : 'to SMTP_URL'}

  Ctrl-C stops everything.
`);
}

function onLine(name: string, line: string): void {
  say(logLine(name, line));
}

function onGiveUp(name: string): void {
  void end(
    1,
    `\n${'!'.repeat(72)}\n${name} keeps dying: giving up and stopping everything.\n${'!'.repeat(72)}`,
  );
}

/** Stops all that was started, in reverse, also in the middle of starting; asked again, it is still the same end. */
function end(status: number, why: string): Promise<void> {
  ending ??= (async () => {
    say(why);
    abort.abort();
    await starting.catch(() => {});
    for (const step of undo.reverse()) await step();
    process.exit(status);
  })();
  return ending;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
