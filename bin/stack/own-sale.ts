import { createDatabase, migrate, seed } from './database.ts';
import { removeRun, runFolder } from './run-folder.ts';
import { type Sale, startSale } from './sale.ts';
import { startServers } from './servers.ts';
import { buildWeb } from './web.ts';

/** A whole sale for one run, on servers of its own, seeded. `stop()` ends it and removes all of it. */
export async function startOwnSale(kind: 'k6', signal: AbortSignal): Promise<Sale> {
  const dir = await runFolder(kind);
  const undo: Array<() => Promise<void>> = [() => removeRun(dir)];
  const takeAway = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await buildWeb();
    const servers = await startServers({ dir, env: {}, signal });
    undo.push(servers.stop);
    const databaseUrl = await createDatabase(servers.databaseUrl, 'onsale');
    await migrate(databaseUrl);
    await seed(databaseUrl);
    const { redisUrl } = servers;
    const sale = await startSale({
      dir,
      databaseUrl,
      redisUrl,
      redisPrefix: 'onsale',
      supervised: true,
      signal,
    });
    undo.push(sale.stop);
    return { ...sale, stop: takeAway };
  } catch (error) {
    await takeAway();
    throw error;
  }
}
