import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { until } from '../../test/until.ts';
import { isAlive } from './identity.ts';
import { endRecorded } from './pid-records.ts';
import { pickPort } from './ports.ts';
import { runningSale } from './running.ts';
import { removeServers } from './servers.ts';
import { repositoryRoot } from './state.ts';

/** A checkout of its own, so that a bin/up that runs in this one is not met. Its packages are ours. */
let checkout: string;
let state: string;
let blocker: Server;
let blocked: number;

beforeAll(async () => {
  checkout = join(inject('servers').dir, 'checkout');
  state = join(checkout, '.onsale');
  mkdirSync(checkout);
  for (const part of ['bin', 'shared', 'gateway', 'booking-core', 'pnpm-lock.yaml']) {
    cpSync(join(repositoryRoot, part), join(checkout, part), { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(join(repositoryRoot, 'node_modules'), join(checkout, 'node_modules'));
  blocked = await pickPort(new Set());
  blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(blocked, '127.0.0.1', resolve));
});

afterEach(async () => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
  await endRecorded(join(state, 'up'), 5_000);
});
afterAll(() => {
  blocker.close();
  removeServers(join(state, 'up'));
});

interface Up {
  child: ChildProcess;
  said: () => string;
  /** Exit status, when it has ended. */
  ended: Promise<number | null>;
}
const started: Up[] = [];

function up(...args: string[]): Up {
  const { DATABASE_URL: _, REDIS_URL: __, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [join(checkout, 'bin/stack/up.ts'), '--port', String(blocked), ...args],
    {
      cwd: '/',
      env,
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const run = { child, said: () => said, ended };
  started.push(run);
  return run;
}

const serving = (run: Up) =>
  until(() => run.said().includes('Ctrl-C stops everything'), {
    what: `bin/up serving; it said: ${run.said()}`,
    withinMs: 50_000,
  });

const pidsBy = (): Map<string, number> =>
  new Map(
    readdirSync(join(state, 'up', 'pids')).map((file) => {
      const { name, pid } = JSON.parse(readFileSync(join(state, 'up', 'pids', file), 'utf8'));
      return [name, pid];
    }),
  );

test('[RUN-1] [RUN-3] serves on another port, refuses a second, survives kills of a part and of itself, leaves nothing', async () => {
  const first = up();
  await serving(first);
  expect(first.said()).toContain(`Port ${blocked} is taken`);
  const sale = runningSale(state)!;
  expect(statSync(join(state, 'up.json')).mode & 0o777).toBe(0o600);
  expect(first.said()).toContain(`${sale.gatewayUrl}/operator#token=${sale.operatorToken}`);
  expect((await fetch(`${sale.gatewayUrl}/`)).status).toBe(200);
  const rooms = await fetch(`${sale.gatewayUrl}/api/v1/operator/rooms`, {
    headers: { authorization: `Bearer ${sale.operatorToken}` },
  });
  expect(rooms.status).toBe(200);

  const second = up();
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(`already runs at ${sale.gatewayUrl}/`);

  const killed = pidsBy().get('gateway')!;
  process.kill(killed, 'SIGKILL');
  await until(async () => (await fetch(`${sale.gatewayUrl}/`)).ok && pidsBy().get('gateway') !== killed, {
    what: 'another gateway at the same address',
  });

  const orphans = pidsBy();
  const secrets = readFileSync(join(state, 'up', 'secrets.json'), 'utf8');
  first.child.kill('SIGKILL');
  await first.ended;
  expect(runningSale(state)).toBeUndefined();

  const next = up();
  await serving(next);
  expect(next.said()).toMatch(/killed bin\/up had left running: .*gateway/);
  expect([...orphans.values()].filter(isAlive)).toEqual([]);
  expect(readFileSync(join(state, 'up', 'secrets.json'), 'utf8')).toBe(secrets);

  const pids = [...pidsBy().values()];
  expect(pids).toHaveLength(6);
  next.child.kill('SIGINT');
  expect(await next.ended).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(join(state, 'up.json'))).toBe(false);
});

test('[RUN-4] --fresh starts over; Ctrl-C in the middle of starting leaves nothing running', async () => {
  const secrets = readFileSync(join(state, 'up', 'secrets.json'), 'utf8');
  const run = up('--fresh');
  await until(() => run.said().includes('started'), { what: 'the first process', withinMs: 50_000 });
  const pids = [...pidsBy().values()];
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(0);
  expect(run.said()).not.toContain('Ctrl-C stops everything');
  expect(pids.filter(isAlive)).toEqual([]);
  expect(readdirSync(join(state, 'up', 'pids'))).toEqual([]);
  expect(readFileSync(join(state, 'up', 'secrets.json'), 'utf8')).not.toBe(secrets);
});

test('a part that is configured wrongly ends the start with its own words, and nothing is left', async () => {
  rmSync(join(checkout, 'gateway/src/main.ts'));
  const run = up();
  expect(await run.ended).toBe(1);
  expect(run.said()).toContain('gateway did not start');
  expect(readdirSync(join(state, 'up', 'pids'))).toEqual([]);
});
