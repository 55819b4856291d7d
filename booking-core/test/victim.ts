import { join } from 'node:path';
import { inject } from 'vitest';
import { pickPort } from '../../bin/stack/ports.ts';
import { repositoryRoot } from '../../bin/stack/state.ts';
import { supervise } from '../../bin/stack/supervisor.ts';
import { type Moment, proxyStatements } from '../../test/statements.ts';
import { SERVICE_TOKEN, type TestSale } from './sale.ts';

export interface Victim {
  readonly url: string;
  readonly internalUrl: string;
  /**
   * Kills the process at its n-th statement of the work: before it reaches Postgres, or after it did and before the answer.
   * @returns whether the work came so far
   */
  killedAt(n: number, moment: Moment, work: () => Promise<unknown>): Promise<boolean>;
  stop(): Promise<void>;
}

let victims = 0;

/** A real core process on the sale's database, with a proxy in between that counts what it says to Postgres. */
export async function startVictim(sale: TestSale): Promise<Victim> {
  const { dir } = inject('servers');
  const name = `victim-${process.pid}-${++victims}`;
  const proxy = await proxyStatements(sale.url);
  const ports = new Set<number>();
  const [port, internalPort] = [await pickPort(ports), await pickPort(ports)];
  const [url, internalUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${internalPort}`];
  const supervisor = await supervise(
    [
      [
        {
          name,
          command: process.execPath,
          args: [join(repositoryRoot, 'booking-core/src/main.ts')],
          cwd: repositoryRoot,
          env: {
            PATH: process.env.PATH,
            // Starting is most of what it does. One that is killed keeps nothing for the next: the others' cache has all of it.
            NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
            DATABASE_URL: proxy.url,
            CORE_PORT: String(port),
            CORE_INTERNAL_PORT: String(internalPort),
            CORE_URL: url,
            SERVICE_TOKEN,
            HMAC_KEYS: sale.hmacKeys,
            LOG_LEVEL: 'warn',
          },
          healthy: async () => (await fetch(`${internalUrl}/healthz`)).ok,
        },
      ],
    ],
    { dir, restart: false, onLine: () => {}, onGiveUp: () => {} },
  );
  return {
    url,
    internalUrl,
    async killedAt(n, moment, work) {
      const cut = proxy.stopAt(n, moment).then(() => true);
      const done = work().then(() => false);
      // Before the cut a failure is one; afterwards it is what a fan sees of a process that was killed.
      const killed = await Promise.race([cut, done]);
      await supervisor.kill(name, 'SIGKILL');
      await done.catch(() => {});
      return killed;
    },
    async stop() {
      await supervisor.stop();
      proxy.close();
    },
  };
}
