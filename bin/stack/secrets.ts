import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ownFolder } from './state.ts';

/** What a running sale must not lose or show; the first four are options of shared/src/config.ts. */
const Secrets = z.object({
  SERVICE_TOKEN: z.string(),
  HMAC_KEYS: z.string(),
  PLACE_KEY: z.string(),
  PASS_KEYS: z.string(),
  postgresPassword: z.string(),
  redisPassword: z.string(),
});
export type Secrets = z.infer<typeof Secrets>;

/**
 * The folder's secrets, made at the first call and readable by the owner alone. Two processes that make them at once
 * agree: a file is linked into place whole, and the second link fails.
 */
export function secretsIn(dir: string): Secrets {
  const file = join(ownFolder(dir), 'secrets.json');
  const draft = `${file}.${process.pid}`;
  try {
    return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new Error(`${file} cannot be read; bin/up --fresh starts over`, { cause: error });
    }
  }
  writeFileSync(draft, JSON.stringify(newSecrets(), undefined, 2), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function newSecrets(): Secrets {
  const key = (): string => randomBytes(32).toString('base64');
  const password = (): string => randomBytes(24).toString('base64url');
  const pass = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return {
    SERVICE_TOKEN: randomBytes(32).toString('base64url'),
    HMAC_KEYS: `k1:${key()}`,
    PLACE_KEY: key(),
    PASS_KEYS: JSON.stringify([{ kty: 'OKP', crv: 'Ed25519', kid: 'p1', x: pass.x, d: pass.d }]),
    postgresPassword: password(),
    redisPassword: password(),
  };
}
