import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@onsale/shared/config';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { passKeysOf } from '@onsale/shared/tokens/pass';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secretsIn } from './secrets.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'onsale-secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('[RUN-4] secrets are made once, are usable as options, and are readable by their owner alone', async () => {
  const made = secretsIn(dir);
  expect(secretsIn(dir)).toEqual(made);
  expect(statSync(join(dir, 'secrets.json')).mode & 0o777).toBe(0o600);
  expect(secretsIn(join(dir, 'another'))).not.toEqual(made);

  const config = readConfig(made, ['SERVICE_TOKEN', 'HMAC_KEYS', 'PLACE_KEY', 'PASS_KEYS']);
  expect(keyringOf(config.HMAC_KEYS).current.kid).toBe('k1');
  expect((await passKeysOf(config.PASS_KEYS, 'http://127.0.0.1')).jwks.keys[0]).not.toHaveProperty('d');
});

test('[RUN-4] damaged secrets are said, not replaced: tokens in the hands of fans hang on them', () => {
  writeFileSync(join(dir, 'secrets.json'), '{"SERVICE_TOKEN": "ab');
  expect(() => secretsIn(dir)).toThrow(/--fresh/);
});
