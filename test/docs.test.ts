import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { figures, pages } from '../docs/build.ts';
import { keysOf } from '../shared/src/redis-keys.ts';

const root = resolve(import.meta.dirname, '..');

test('[API-9] [API-1] the tables of options, errors and bounds agree with the code (node docs/build.ts writes them)', () => {
  for (const [path, make] of Object.entries(pages)) {
    expect(readFileSync(join(root, 'docs', path), 'utf8'), path).toBe(make());
  }
});

test('[RUN-58] figures in prose are those of the newest reports (node docs/build.ts writes them)', () => {
  for (const [path, make] of Object.entries(figures)) {
    expect(readFileSync(join(root, 'docs', path), 'utf8'), path).toBe(make());
  }
});

test('[API-9] every Redis key stands in the table above its definition', () => {
  const table = readFileSync(join(root, 'shared/src/redis-keys.ts'), 'utf8').split('export const keysOf')[0]!;
  for (const key of Object.keys(keysOf('p', 'e'))) expect(table).toContain(`\`:${key}\``);
});

test('links between the pages lead somewhere', () => {
  const markdown = ['.', 'docs', 'gateway', 'booking-core', 'loadtest', 'shared']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((path) =>
        join(root, folder, path),
      ),
    )
    .filter((path) => path.endsWith('.md') && !/\/node_modules\//.test(path));
  expect(markdown.length).toBeGreaterThan(8);
  const broken = markdown.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map((match) => match[1]!)
      .filter((target) => !existsSync(resolve(dirname(path), target)))
      .map((target) => `${path.slice(root.length + 1)} -> ${target}`),
  );
  expect(broken).toEqual([]);
});
