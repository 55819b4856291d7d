import { createDatabase, migrate, seed } from './database.ts';
import { type Sale, type SaleOptions, startSale } from './sale.ts';
import { startServers } from './servers.ts';
import { buildWeb } from './web.ts';

/** A whole sale for one run, on servers of its own, seeded. `stop()` ends it; what it kept goes with the run's folder. */
export async function startOwnSale({
  dir,
  signal,
}: Required<Pick<SaleOptions, 'dir' | 'signal'>>): Promise<Sale> {
  const undo: Array<() => Promise<void>> = [];
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
