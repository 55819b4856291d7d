import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Calls go one way. Only what is written here may be imported; a new arrow between parts is a decision, and is added here
 * with its reason or not at all.
 */
const root = resolve(import.meta.dirname, '..');

/** From the part (longest prefix wins) to the parts it may import, besides itself. */
const arrows: Record<string, readonly string[]> = {
  'shared/src': [],
  // The gateway. The line knows Redis and the contracts alone; admission moves the line; realtime only reads it.
  'gateway/src/line': ['shared/src'],
  'gateway/src/admission': ['shared/src', 'gateway/src/line', 'gateway/src/core-client.ts'],
  // One way to the core's ports, for what is passed on and for what is asked of the internal routes.
  'gateway/src/core-wire.ts': ['shared/src'],
  'gateway/src/core-client.ts': ['shared/src', 'gateway/src/core-wire.ts'],
  'gateway/src/realtime': ['shared/src', 'gateway/src/line', 'gateway/src/http/view'],
  'gateway/src/origin': ['shared/src', 'gateway/src/line', 'gateway/src/http', 'gateway/src/core-wire.ts'],
  'gateway/src/http': [
    'shared/src',
    'gateway/src/line',
    'gateway/src/core-client.ts',
    'gateway/src/admission/wake.ts',
  ],
  'gateway/src': ['shared/src', 'gateway/src'],
  'gateway/web': ['shared/src'],
  // The booking core: what is sold, how much of it is left, holds of it, orders of holds, the money.
  'booking-core/src/db': ['shared/src'],
  'booking-core/src/service': ['shared/src', 'booking-core/src/db'],
  'booking-core/src/inventory': ['shared/src', 'booking-core/src/db', 'booking-core/src/service'],
  'booking-core/src/catalog': [
    'shared/src',
    'booking-core/src/db',
    'booking-core/src/service',
    'booking-core/src/inventory',
  ],
  'booking-core/src/holds': [
    'shared/src',
    'booking-core/src/db',
    'booking-core/src/service',
    'booking-core/src/inventory',
    'booking-core/src/catalog',
  ],
  'booking-core/src/payments': [
    'shared/src',
    'booking-core/src/db',
    'booking-core/src/service',
    'booking-core/src/metrics.ts',
  ],
  'booking-core/src/rooms': [
    'shared/src',
    'booking-core/src/db',
    'booking-core/src/service',
    'booking-core/src/inventory',
    'booking-core/src/catalog',
  ],
  'booking-core/src/orders': [
    'shared/src',
    'booking-core/src/db',
    'booking-core/src/service',
    'booking-core/src/catalog',
    'booking-core/src/holds',
    'booking-core/src/payments',
    'booking-core/src/rooms',
  ],
  // Invitations belong to rooms, and are in the audit with them.
  'booking-core/src/invitations': ['shared/src', 'booking-core/src/db', 'booking-core/src/rooms'],
  // Rehearsals are staged as the programme is, and are rooms.
  'booking-core/src/rehearsals': [
    'shared/src',
    'booking-core/src/db',
    'booking-core/src/inventory',
    'booking-core/src/catalog',
    'booking-core/src/rooms',
  ],
  'booking-core/src/check-ins': ['shared/src', 'booking-core/src/db', 'booking-core/src/rooms'],
  // The desk reads holds and orders as their fans do: one word for each state.
  'booking-core/src/desk': [
    'shared/src',
    'booking-core/src/db',
    'booking-core/src/catalog',
    'booking-core/src/rooms',
    'booking-core/src/holds',
    'booking-core/src/orders',
  ],
  // Mails are composed from the tables when they are sent: whoever makes the news writes a row and knows nothing of mail.
  'booking-core/src/mail': ['shared/src', 'booking-core/src/db'],
  'booking-core/src/chores': ['shared/src', 'booking-core/src/db'],
  'booking-core/src': ['shared/src', 'booking-core/src'],
  // k6 is no Node: only what the crowd decides by, which imports nothing. Types of the contract are its own, and tested.
  'loadtest/k6': [
    'loadtest/crowd/addresses.ts',
    'loadtest/crowd/back-off.ts',
    'loadtest/crowd/bought.ts',
    'loadtest/crowd/bounds.ts',
    'loadtest/crowd/endings.ts',
    'loadtest/crowd/random.ts',
    'loadtest/crowd/shown.ts',
  ],
  // Runs in Node: the form of what stands beside the scripts.
  'loadtest/k6/setup-file.ts': ['shared/src'],
  // The bench of admission stands in the line as fans do, by the line's own scripts.
  'loadtest/bench': ['shared/src', 'booking-core/src', 'bin/stack', 'gateway/src/line', 'loadtest'],
  loadtest: ['shared/src', 'booking-core/src', 'bin/stack', 'loadtest'],
  // The stages of a join are the gateway's own, one more each time.
  'loadtest/bench/joins': [
    'shared/src',
    'booking-core/src',
    'bin/stack',
    'gateway/src/line',
    'gateway/src/http/limit.ts',
    'gateway/src/http/network.ts',
    'loadtest',
  ],
  // What fans are told is judged by the code that tells it, on a simulated clock.
  'loadtest/bench/eta': [
    'shared/src',
    'gateway/src/admission',
    'gateway/src/http/view',
    'gateway/src/line',
    'loadtest',
  ],
  // The whole evening in one process: its ticks are the worker's own, and what everyone is told is what gateways tell.
  'loadtest/bench/dodgers': [
    'shared/src',
    'booking-core/src',
    'bin/stack',
    'gateway/src/line',
    'gateway/src/admission',
    'gateway/src/http/view',
    'gateway/src/core-client.ts',
    'loadtest',
  ],
  // Pushes follow ticks: those of the bench are the admission worker's own, without its queue.
  'loadtest/bench/push': ['shared/src', 'gateway/src/admission', 'gateway/src/line', 'bin/stack', 'loadtest'],
  bin: ['shared/src', 'bin', 'loadtest'],
  docs: [
    'shared/src',
    // Figures in prose come from the reports of benches.
    'loadtest/bench',
    'gateway/src/metrics.ts',
    'gateway/src/admission/metrics.ts',
    'booking-core/src/metrics.ts',
  ],
};

const isTest = (path: string): boolean => /\.test\.tsx?$|(^|\/)test\//.test(path);

function sources(): string[] {
  const tops = ['shared', 'gateway', 'booking-core', 'loadtest', 'bin', 'docs'];
  return tops
    .flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((path) => join(top, path)),
    )
    .filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path) && !isTest(path));
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const names = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"\n;]*(?:\{[^}]*\}[^'"\n;]*)?['"]([^'"]+)['"]/g),
  ].map((m) => m[1]!);
  return names.flatMap((name) => {
    if (name.startsWith('.')) return [relative(root, resolve(root, dirname(path), name))];
    const own = /^@onsale\/([a-z-]+)\/(.+)$/.exec(name);
    if (own === null) return [];
    return [own[1] === 'loadtest' ? `loadtest/${own[2]}.ts` : `${own[1]}/src/${own[2]}.ts`];
  });
}

const within = (path: string, part: string): boolean => path === part || path.startsWith(`${part}/`);
const partOf = (path: string): string | undefined =>
  Object.keys(arrows)
    .filter((part) => within(path, part))
    .sort((a, b) => b.length - a.length)[0];

test('[RUN-7] imports run along the drawn arrows only', () => {
  const strays = sources().flatMap((path) => {
    const part = partOf(path);
    if (part === undefined) return [`${path}: on no part`];
    return importsOf(path)
      .filter((target) => !within(target, part) && !arrows[part]!.some((allowed) => within(target, allowed)))
      .map((target) => `${path} -> ${target}`);
  });
  expect(strays).toEqual([]);
});

test('[RUN-7] no files import each other in a circle', () => {
  const graph = new Map(sources().map((path) => [path, importsOf(path)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

test('[RUN-7] shared does no I/O', () => {
  const doors =
    /from ['"](node:(fs|net|http|https|dgram|child_process|worker_threads|dns|tls)[^'"]*|ioredis|pg|bullmq|socket\.io[^'"]*|@hono\/node-server)['"]/;
  const open = sources().filter((path) => {
    if (!within(path, 'shared/src')) return false;
    const values = readFileSync(join(root, path), 'utf8').replaceAll(/import type [^;]+;/g, '');
    return doors.test(values);
  });
  // The form of an answer that a server has opened already.
  expect(open).toEqual(['shared/src/service/plain-response.ts']);
});

test('[RUN-7] only the booking core reaches Postgres, only line, admission and limits reach Redis', () => {
  const reaches = (pattern: RegExp) =>
    sources().filter((path) => pattern.test(readFileSync(join(root, path), 'utf8')));
  const postgres = reaches(/from ['"](pg|kysely)['"]/).filter((path) => within(path, 'gateway'));
  expect(postgres).toEqual([]);
  const redis = reaches(/from ['"]ioredis['"]/).filter((path) => within(path, 'booking-core/src'));
  // The core's worker needs Redis for its BullMQ queue alone.
  expect(
    redis.filter((path) => path !== 'booking-core/src/worker.ts' && !within(path, 'booking-core/src/chores')),
  ).toEqual([]);
});
