import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pickPort } from '../../../../bin/stack/ports.ts';
import type { CoreStandIn } from './core-stand-in.ts';

const script = resolve(import.meta.dirname, '../../admission.ts');

export interface WorkerProcess {
  /** What it has logged so far. */
  log(): string;
  /** `/healthz` or `/metrics` of its internal port. */
  vitals(path: string): Promise<{ status: number; text: string }>;
  /** kill -9, or SIGTERM. @returns its exit status, null when it was killed */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** The admission worker as it really runs. */
export async function startWorker(
  core: CoreStandIn,
  redis: { url: string; prefix: string },
): Promise<WorkerProcess> {
  const port = await pickPort(new Set());
  const child: ChildProcess = spawn(process.execPath, [script], {
    env: {
      PATH: process.env.PATH,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      ADMISSION_INTERNAL_PORT: String(port),
      CORE_INTERNAL_URL: core.url,
      SERVICE_TOKEN: core.token,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk));
  return {
    log: () => text,
    async vitals(path) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, text: await response.text() };
    },
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exit = once(child, 'exit');
      child.kill(signal);
      const [status] = (await exit) as [number | null];
      return status;
    },
  };
}
