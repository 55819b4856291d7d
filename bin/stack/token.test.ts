import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { expect, test } from 'vitest';

const HMAC_KEYS = `k2:${randomBytes(32).toString('base64')}`;
const token = (...args: string[]) => {
  const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, 'token.ts'), ...args], {
    env: { ...process.env, HMAC_KEYS },
    encoding: 'utf8',
  });
  return { status, text: stdout.trim() };
};
const read = (text: string) => verifyToken(keyringOf(HMAC_KEYS), 'operator', text, Date.now());

test('[API-30] a token for an operator has the name, the role and the time that were asked for, and the least without', () => {
  expect(read(token('olga').text)).toMatchObject({ name: 'olga', role: 'viewer' });
  const manager = read(token('olga', '--role', 'manager', '--hours', '2').text);
  expect(manager.role).toBe('manager');
  expect(manager.expiresAtMs - Date.now()).toBeGreaterThan(1.9 * 3_600_000);
  expect(manager.expiresAtMs - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
});

test.each([
  [[]],
  [['a', 'b']],
  [['olga', '--role', 'god']],
  [['olga', '--hours', '1000']],
  [['olga', '--hours', 'x']],
])('[API-30] %j makes no token', (args) => {
  expect(token(...args)).toEqual({ status: 2, text: '' });
});
