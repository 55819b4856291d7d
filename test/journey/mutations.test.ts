import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { createDatabase, dropDatabase, migrate, seed } from '../../bin/stack/database.ts';
import { type Sale, startSale } from '../../bin/stack/sale.ts';
import { repositoryRoot } from '../../bin/stack/state.ts';
import { auditSale } from '../../loadtest/audit/audit.ts';
import { copyTree } from '../../loadtest/mutations/copy.ts';
import {
  applyMutation,
  brokenFiles,
  findMutations,
  type Mutation,
} from '../../loadtest/mutations/mutation.ts';
import { type FreshDatabase, freshDatabase } from '../database.ts';
import { runs } from '../depth.ts';
import { freshRedis } from '../redis.ts';
import { EVENT } from './rough-fans.ts';
import { LOAD_OPTIONS, roughLoad } from './rough-load.ts';

/** The wall that matters most. Each starts a sale of two fronts; `bin/test --all` runs the others too. */
const USUAL = ['compare-and-set'];
const DEEP = [
  'buyer-limit',
  'capacity',
  'idempotency',
  'late-money',
  'line-order',
  'revocation',
  'second-step',
  'session-check',
  'webhook-inbox',
];
const mutations = findMutations(repositoryRoot);

describe('builds that are broken on purpose', { timeout: 180_000 }, () => {
  test('[RUN-8] each fits the code it breaks, and is known here', () => {
    expect(mutations.map(({ name }) => name).sort()).toEqual([...USUAL, ...DEEP].sort());
    for (const mutation of mutations) brokenFiles(repositoryRoot, mutation);
  });

  test('[RUN-8] [BOOK-8] the code as it is keeps every promise under the same load', async () => {
    await onTree(repositoryRoot, await freshDatabase({ seeded: true }), async (broken) => {
      expect(broken).toEqual([]);
    });
  });

  const chosen = mutations.filter(({ name }) => runs(1, 2) === 2 || USUAL.includes(name));
  test.each(chosen)('[RUN-8] $breaks: $red turns red', async (mutation) => {
    const copy = brokenCopy(mutation);
    // What is broken may be a migration; others begin with the seeded database of all tests.
    const own = mutation.edits.some(({ file }) => file.endsWith('.sql'));
    await onTree(
      copy,
      own ? await migratedBy(copy) : await freshDatabase({ seeded: true }),
      async (broken) => {
        expect(broken).toContain(mutation.red);
      },
    );
  });
});

function brokenCopy(mutation: Mutation): string {
  const copy = join(inject('servers').dir, `mutated-${mutation.name}`);
  copyTree(repositoryRoot, copy);
  applyMutation(copy, mutation);
  return copy;
}

async function migratedBy(root: string): Promise<FreshDatabase> {
  const { databaseUrl: server, run } = inject('servers');
  const name = `onsale_test_${run}_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(server, name);
  await migrate(url, root);
  await seed(url, root);
  return { url, drop: () => dropDatabase(server, name) };
}

/** Runs two instances of the tree's sale side by side, loads them, and tells what fans and audit found broken. */
async function onTree(
  root: string,
  database: FreshDatabase,
  judge: (broken: string[]) => Promise<void>,
): Promise<void> {
  const redis = freshRedis();
  const sales: Sale[] = [];
  try {
    const { dir } = inject('servers');
    const stores = { databaseUrl: database.url, redisUrl: redis.url, redisPrefix: redis.prefix };
    const where = { dir, root, ...stores, env: LOAD_OPTIONS };
    sales.push(await startSale(where));
    // A second front and core on the same database and line, and no second worker.
    sales.push(await startSale({ ...where, processes: { admission: 0, 'core-worker': 0 } }));
    const seen = await roughLoad(sales);
    const report = await auditSale({ ...stores, event: EVENT });
    await judge([...seen, ...report.verdicts.filter(({ broken }) => broken > 0).map(({ id }) => id)]);
  } finally {
    for (const sale of sales) await sale.stop();
    await redis.wipe();
    await database.drop();
  }
}
