import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const files = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path) && !/(^|\/)node_modules\//.test(path))
    .map((path) => join(root, folder, path));

/** Rules as `**LINE-1**` in docs/spec; uses as `[LINE-1]` in the names of tests, also of those that a file shares a start with. */
const rules = files('docs/spec', /\.md$/).flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/\*\*([A-Z]+-\d+)\*\*/g)].map((match) => match[1]!),
);
const carried = new Set(
  ['shared', 'gateway', 'booking-core', 'loadtest', 'bin', 'test']
    .flatMap((folder) => files(folder, /\.(test|cases)\.tsx?$/))
    .flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\[([A-Z]+-\d+)\]/g)].map((match) => match[1]!),
    ),
);

test('every rule is carried by a test', () => {
  expect(rules.length).toBeGreaterThan(50);
  expect(rules.filter((rule) => !carried.has(rule))).toEqual([]);
});

test('every rule stands once, and no test carries a rule that is not written', () => {
  expect(rules.filter((rule, at) => rules.indexOf(rule) !== at)).toEqual([]);
  expect([...carried].filter((rule) => !rules.includes(rule))).toEqual([]);
});

test('[BOOK-1] each of the ten problems of booking names a test that is there', () => {
  const rows = [
    ...readFileSync(join(root, 'docs/spec/booking.md'), 'utf8').matchAll(
      /^\| ([^|]+) \| [^|]+ \| `([^`]+)`: ([^|]+) \|$/gm,
    ),
  ];
  expect(rows).toHaveLength(10);
  for (const [, problem, path, title] of rows) {
    expect(readFileSync(join(root, path!), 'utf8'), problem).toContain(title!.trim());
  }
});
