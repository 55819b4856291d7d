import { createDatabase, databaseAt, dropDatabase, migrate } from '../../bin/stack/database.ts';
import { removeRun, runFolder } from '../../bin/stack/run-folder.ts';
import { type Servers, startServers } from '../../bin/stack/servers.ts';
import type { Context } from './bench.ts';

/** Where a bench plays: Postgres and Redis of its own in a folder of its own, both gone when it closes. */
export interface Stage extends Pick<Context, 'database' | 'redisUrl' | 'dir' | 'atEnd'> {
  readonly databaseUrl: string;
  /** Once, however often it is asked for. */
  close(): Promise<void>;
}

const TEMPLATE = 'bench_template';

/** A person's own servers (DATABASE_URL, REDIS_URL) are left alone: a bench would disturb them, and they it. */
export async function openStage(): Promise<Stage> {
  const dir = await runFolder('bench');
  let servers: Servers;
  try {
    servers = await startServers({ dir, env: { ...process.env, DATABASE_URL: '', REDIS_URL: '' } });
  } catch (error) {
    await removeRun(dir);
    throw error;
  }
  const { databaseUrl, redisUrl } = servers;
  let template: Promise<unknown> | undefined;
  let made = 0;
  const undos: Array<() => Promise<void>> = [];
  let closing: Promise<void> | undefined;
  const makeTemplate = async (): Promise<void> => {
    await createDatabase(databaseUrl, TEMPLATE);
    await migrate(databaseAt(databaseUrl, TEMPLATE));
  };
  return {
    databaseUrl,
    redisUrl,
    dir,
    async database(kind) {
      const name = `bench_${++made}`;
      if (kind === 'migrated') {
        template ??= makeTemplate();
        await template;
      }
      const url = await createDatabase(databaseUrl, name, kind === 'migrated' ? TEMPLATE : undefined);
      return { url, drop: () => dropDatabase(databaseUrl, name) };
    },
    atEnd: (undo) => void undos.push(undo),
    close() {
      closing ??= (async () => {
        for (const undo of undos.splice(0).reverse()) await undo().catch(() => {});
        await servers.stop();
        await removeRun(dir);
      })();
      return closing;
    },
  };
}
