import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pickPort } from '../../../bin/stack/ports.ts';
import { repositoryRoot } from '../../../bin/stack/state.ts';
import type { Context } from '../bench.ts';
import type { Memory } from './probe.ts';

/** A server under measurement: a process of its own that says what it costs. */
export interface Measured {
  readonly port: number;
  readonly child: ChildProcess;
  /** Time of all its threads since it started, ms. */
  cpuMs(): Promise<number>;
  memory(): Promise<Memory>;
}

const here = (script: string): string => join(import.meta.dirname, script);

/** @param onExit of a process that ends before it is asked to: the bench cannot go on */
function start(context: Context, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: context.dir,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  context.atEnd(async () => void child.kill('SIGKILL'));
  return child;
}

/** Sends a question and waits for its answer: one at a time for each process. @throws when the process ends instead */
export function ask<Answer>(child: ChildProcess, question: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('A process of the bench ended.'));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as Answer);
    });
    if (question !== undefined) child.send(question as object);
  });
}

const measured = (child: ChildProcess, port: number): Measured => ({
  port,
  child,
  cpuMs: () => ask<number>(child, 'cpu'),
  memory: () => ask<Memory>(child, 'memory'),
});

/** The gateway as it runs in a sale, its pages and routes with it; of the core it is told where nobody is. */
export async function startGateway(
  context: Context,
  secrets: Readonly<Record<'SERVICE_TOKEN' | 'HMAC_KEYS' | 'PLACE_KEY' | 'PASS_KEYS', string>>,
  redisPrefix: string,
  options: NodeJS.ProcessEnv = {},
): Promise<Measured> {
  const taken = new Set<number>();
  const [port, internalPort] = [await pickPort(taken), await pickPort(taken)];
  const main = join(repositoryRoot, 'gateway/src/main.ts');
  const child = start(context, ['--expose-gc', '--import', here('probe.ts'), main], {
    ...secrets,
    REDIS_URL: context.redisUrl,
    REDIS_PREFIX: redisPrefix,
    GATEWAY_PORT: String(port),
    GATEWAY_INTERNAL_PORT: String(internalPort),
    CORE_URL: 'http://127.0.0.1:1',
    CORE_INTERNAL_URL: 'http://127.0.0.1:1',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    LOG_LEVEL: 'warn',
    ...options,
  });
  await healthy(`http://127.0.0.1:${internalPort}/healthz`, child);
  return measured(child, port);
}

export async function startBareServer(context: Context): Promise<Measured> {
  const port = await pickPort(new Set());
  const child = start(
    context,
    ['--expose-gc', '--import', here('probe.ts'), here('bare-server.ts'), String(port)],
    {},
  );
  await ask(child, undefined);
  return measured(child, port);
}

export const startCrowd = (context: Context): ChildProcess => start(context, [here('crowd.ts')], {});

async function healthy(url: string, child: ChildProcess): Promise<void> {
  const untilMs = performance.now() + 20_000;
  while (performance.now() < untilMs && child.exitCode === null) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The gateway did not start.');
}
