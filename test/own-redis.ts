import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { KeptProcess } from '../bin/stack/kept-process.ts';
import { redisIn } from '../bin/stack/redis.ts';

/** A Redis that a test may lose: of its own, on a port that stays. */
export interface OwnRedis {
  readonly url: string;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts again with what its files hold. */
  start(): Promise<void>;
  /** Keeps a copy of its files as they are now. */
  keep(): void;
  /** kill -9, and a start from the copy that was kept: a Redis that knows what was so then. */
  startFromKept(): Promise<void>;
  /** kill -9, and a start from nothing. */
  startEmpty(): Promise<void>;
  stop(): Promise<void>;
}

export async function ownRedis(): Promise<OwnRedis> {
  const dir = mkdtempSync(join(inject('servers').dir, 'redis-'));
  const { program, url } = await redisIn(dir, 'own');
  const kept = join(dir, 'kept');
  const server = new KeptProcess(program, { dir, restart: false, onLine() {}, onGiveUp() {} });
  await server.start();

  async function startWith(files: () => void): Promise<void> {
    await server.kill('SIGKILL');
    rmSync(program.cwd, { recursive: true });
    files();
    await server.start();
  }
  return {
    url,
    kill: () => server.kill('SIGKILL'),
    start: () => server.start(),
    keep() {
      rmSync(kept, { recursive: true, force: true });
      cpSync(program.cwd, kept, { recursive: true });
    },
    startFromKept: () => startWith(() => cpSync(kept, program.cwd, { recursive: true })),
    startEmpty: () => startWith(() => mkdirSync(program.cwd)),
    async stop() {
      await server.stop();
      rmSync(dir, { recursive: true });
    },
  };
}
