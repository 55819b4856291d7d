import { join } from 'node:path';
import { limits } from '@onsale/shared/limits';
import { signToken } from '@onsale/shared/tokens/hmac';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import type { Keeping } from './kept-process.ts';
import { type Options, type Ports, type ProcessName, pickPorts, programsOf } from './programs.ts';
import { secretsIn } from './secrets.ts';
import { repositoryRoot } from './state.ts';
import { type Supervisor, supervise } from './supervisor.ts';

/** A running sale: every process, on ports of its own. */
export interface Sale extends Supervisor {
  /** Address of the front door; of each, when there are several gateways. */
  readonly gatewayUrl: string;
  readonly gatewayUrls: readonly string[];
  readonly coreUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly operatorToken: string;
  readonly serviceToken: string;
  /** Every option as the first process of each name has it. */
  readonly env: Options;
  /** Health address of each process, by its name; its metrics are beside it. */
  readonly healthUrls: Readonly<Record<string, string>>;
}

export interface SaleOptions {
  /** Where secrets are kept and pids noted. */
  dir: string;
  databaseUrl: string;
  redisUrl: string;
  redisPrefix: string;
  /** Another checkout to run, such as a copy that is broken on purpose. */
  root?: string;
  /** How many of each; one when not said, and none of those that are 0. */
  processes?: Partial<Record<ProcessName, number>>;
  /** Options that differ from what is made here. */
  env?: Options;
  /** Ports to use when they are free; undefined picks them all. */
  preferredPorts?: Partial<Ports>;
  /** Start again what dies. */
  supervised?: boolean;
  onLine?: Keeping['onLine'];
  onGiveUp?: Keeping['onGiveUp'];
  signal?: AbortSignal;
}

/** Starts the processes against a migrated, seeded database. @throws with the last lines of one that does not start. */
export async function startSale(options: SaleOptions): Promise<Sale> {
  const { dir, databaseUrl, redisUrl, redisPrefix, root = repositoryRoot } = options;
  const { SERVICE_TOKEN, HMAC_KEYS, PLACE_KEY, PASS_KEYS } = secretsIn(dir);
  const ports = await pickPorts(new Set(), options.preferredPorts, options.env?.HOST);
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: redisPrefix,
    SERVICE_TOKEN,
    HMAC_KEYS,
    PLACE_KEY,
    PASS_KEYS,
    CORE_URL: `http://127.0.0.1:${ports.CORE_PORT}`,
    CORE_INTERNAL_URL: `http://127.0.0.1:${ports.CORE_INTERNAL_PORT}`,
    PUBLIC_URL: `http://127.0.0.1:${ports.GATEWAY_PORT}`,
    TRUSTED_PROXIES: '127.0.0.1,::1',
    MAIL_DIR: join(dir, 'mail'),
    ...options.env,
  };

  const { waves, gatewayUrls, healthUrls } = await programsOf(root, env, ports, options.processes ?? {});
  const supervisor = await supervise(waves, {
    dir,
    restart: options.supervised ?? false,
    onLine: options.onLine ?? (() => {}),
    onGiveUp: options.onGiveUp ?? (() => {}),
    signal: options.signal,
  });
  return {
    ...supervisor,
    gatewayUrl: gatewayUrls[0] ?? env.PUBLIC_URL,
    gatewayUrls,
    coreUrl: env.CORE_URL,
    databaseUrl,
    redisUrl,
    redisPrefix,
    operatorToken: operatorToken(env.HMAC_KEYS),
    serviceToken: env.SERVICE_TOKEN,
    env,
    healthUrls,
  };
}

function operatorToken(hmacKeys: string): string {
  const expiresAtMs = Date.now() + limits.operatorTokenTtlMs;
  return signToken(keyringOf(hmacKeys), 'operator', { name: 'operator', role: 'manager', expiresAtMs });
}
