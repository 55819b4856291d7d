import { expect, test } from 'vitest';
import { ConfigError, options, readConfig } from '../src/config.ts';

test('[RUN-5] every missing or malformed option is named, with its meaning and without its value', () => {
  const read = () =>
    readConfig({ SERVICE_TOKEN: 'short-secret', GATEWAY_PORT: '70000' }, [
      'DATABASE_URL',
      'SERVICE_TOKEN',
      'GATEWAY_PORT',
    ]);
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/DATABASE_URL: missing.*SERVICE_TOKEN: .*GATEWAY_PORT: /s);
  expect(read).not.toThrow(/short-secret/);
});

test('[RUN-5] defaults hold, an empty value is unset, lists and numbers are parsed', () => {
  const config = readConfig({ GATEWAY_PORT: '', TRUSTED_PROXIES: '127.0.0.1, ::1' }, [
    'GATEWAY_PORT',
    'TRUSTED_PROXIES',
    'REDIS_PREFIX',
  ]);
  expect(config).toEqual({
    GATEWAY_PORT: 3000,
    TRUSTED_PROXIES: ['127.0.0.1', '::1'],
    REDIS_PREFIX: 'onsale',
  });
});

test('[API-9] every option says what it is', () => {
  for (const [name, option] of Object.entries(options)) expect(option.description, name).toMatch(/\.$|;/);
});
