import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { createDatabase, dropDatabase, migrate, seed } from '../../bin/stack/database.ts';
import { type Sale, startSale } from '../../bin/stack/sale.ts';
import { repositoryRoot } from '../../bin/stack/state.ts';
import { auditSale } from '../../loadtest/audit/audit.ts';
import { wish } from '../../loadtest/crowd/operator.ts';
import { copyTree } from '../../loadtest/mutations/copy.ts';
import { applyMutation, findMutations } from '../../loadtest/mutations/mutation.ts';
import { freshRedis } from '../redis.ts';
import { doorOf, type Shopper } from './shoppers.ts';

const EVENT = 'club-night';
/** Two tickets each are more than the 500 there are. */
const SHOPPERS = 260;
const mutations = findMutations(repositoryRoot);

describe('builds that are broken on purpose', () => {
  test('[RUN-8] break the buyer limit, the compare-and-set and the second step of admission', () => {
    expect(mutations.map(({ name }) => name).sort()).toEqual([
      'buyer-limit',
      'compare-and-set',
      'second-step',
    ]);
  });

  test('[RUN-8] [BOOK-8] the code as it is keeps every promise under the same load', async () => {
    await onTree(repositoryRoot, async (broken) => {
      expect(broken).toEqual([]);
    });
  });

  test.each(mutations)('[RUN-8] $breaks: $red turns red', async (mutation) => {
    const copy = join(inject('servers').dir, `mutated-${mutation.name}`);
    copyTree(repositoryRoot, copy);
    applyMutation(copy, mutation);
    await onTree(copy, async (broken) => {
      expect(broken).toContain(mutation.red);
    });
  });
});

/** Runs two instances of the tree's sale side by side, loads them, and tells which invariants the audit found broken. */
async function onTree(root: string, judge: (broken: string[]) => Promise<void>): Promise<void> {
  const { databaseUrl: server, dir, run } = inject('servers');
  const name = `onsale_${run}_${randomBytes(6).toString('hex')}`;
  const databaseUrl = await createDatabase(server, name);
  const redis = freshRedis();
  const sales: Sale[] = [];
  try {
    await migrate(databaseUrl, root);
    await seed(databaseUrl, root);
    const where = { dir, root, databaseUrl, redisUrl: redis.url, redisPrefix: redis.prefix };
    sales.push(await startSale(where));
    // A second front and core on the same database and line, and no second worker.
    sales.push(await startSale({ ...where, processes: { admission: 0, 'core-worker': 0 } }));
    await load(sales);
    const report = await auditSale({ ...where, redisPrefix: redis.prefix, event: EVENT });
    await judge(report.verdicts.filter(({ broken }) => broken > 0).map(({ id }) => id));
  } finally {
    for (const sale of sales) await sale.stop();
    await redis.wipe();
    await dropDatabase(server, name);
  }
}

/**
 * What the mutations are sensitive to: one buyer asks for tickets many times at once, and two instances sell the last
 * tickets at the same time.
 */
async function load(sales: readonly Sale[]): Promise<void> {
  const { gatewayUrl: url, operatorToken } = sales[0]!;
  await wish({ url, operatorToken, event: EVENT }, { policy: { ratePerMinute: 60_000, capacity: 1_000 } });
  const doors = sales.map(({ gatewayUrl }) => doorOf(gatewayUrl, EVENT));
  try {
    const shoppers = await Promise.all(
      Array.from({ length: SHOPPERS }, (_, number) => doors[number % doors.length]!.enter(number)),
    );
    const [greedy, ...others] = shoppers;
    const session = greedy!.session;
    // His session, through both front doors.
    await Promise.all(others.slice(0, 8).map(({ call }, n) => hold({ call, session }, `greedy-${n}`)));
    await Promise.all(others.map((shopper) => hold(shopper, 'once')));
  } finally {
    for (const door of doors) door.close();
  }
}

const hold = ({ call, session }: Shopper, key: string) =>
  call('hold', {
    params: { eventId: EVENT },
    token: session,
    key,
    body: { tierId: 'general', quantity: 2 },
  });
