import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { options } from '@onsale/shared/config';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from './state.ts';

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
}

const text = readFileSync(join(repositoryRoot, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as { services: Record<string, Service> };
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.image === 'onsale');

test('docker-compose.yml is what the compose specification allows', () => {
  // The specification's schema comes with the linter for such files.
  const linter = dirname(createRequire(import.meta.url).resolve('dclint'));
  const file = join(linter, '..', 'schemas', 'compose.schema.json');
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  // Its formats (port, duration) are its own and checked by Docker alone.
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  validate(compose);
  expect(validate.errors).toBeNull();
  expect(validate({ services: { gateway: { imagine: 'onsale' } } })).toBe(false);
});

test('every process that runs on is watched, and runs a file that exists', () => {
  const names = services.map(([name]) => name).sort();
  expect(names).toEqual(['admission', 'core', 'core-worker', 'gateway', 'postgres', 'prepare', 'redis']);
  expect(services.filter(([, service]) => service.healthcheck === undefined).map(([name]) => name)).toEqual([
    'prepare',
  ]);
  const files = ours.flatMap(([, { command, healthcheck }]) =>
    [...(command ?? []), ...(healthcheck?.test ?? [])].join(' ').match(/[\w/-]+\.ts/g),
  );
  expect(files.length).toBeGreaterThan(ours.length);
  expect(files.filter((file) => file === null || !existsSync(join(repositoryRoot, file)))).toEqual([]);
});

test('[RUN-5] every option given is one we read, each that must be given is, and no secret stands in the file', () => {
  for (const [name, { environment = {} }] of ours) {
    expect(Object.keys(environment).filter((option) => !(option in options))).toEqual([]);
    const needed = Object.keys(options).filter(
      (option) => !options[option as keyof typeof options].safeParse(undefined).success,
    );
    expect(
      needed.filter((option) => !(option in environment)),
      name,
    ).toEqual([]);
    for (const secret of ['SERVICE_TOKEN', 'HMAC_KEYS', 'PLACE_KEY', 'PASS_KEYS']) {
      expect(environment[secret]).toMatch(/^\$\{[A-Z_]+:\?/);
    }
  }
  expect(text.match(/PASSWORD[^$\n]*\$\{(?![A-Z_]+:\?)/)).toBeNull();
});
