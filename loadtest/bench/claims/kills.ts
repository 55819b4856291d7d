import { once } from 'node:events';
import { onServer } from '../../../bin/stack/database.ts';
import type { Sale, Strategy } from '../../baselines/strategy.ts';
import type { Context, Outcome } from '../bench.ts';
import { summaryOf } from '../statistics.ts';
import { atMost } from '../verdicts.ts';
import { startChild } from './child.ts';
import { rush } from './rush.ts';
import { baselines, ours } from './strategies.ts';

const SALE: Sale = { capacity: 6_000, buyerLimit: 2 };
const BUYERS = 500;
/** Holds after which it is killed: a little later each time, so that it is not always between the same steps. */
const killAfter = (round: number): number => 700 + 130 * round;
const ROUNDS = 5;
const RESUME_MAX_MS = 30_000;

interface Loss {
  /** Holds that buyers were told of and that no database has after the process came back. */
  readonly forgotten: number;
  /** Tickets that nobody has and nobody gets, when those who come afterwards buy all they can. */
  readonly stranded: number;
}

/** kill -9 of a shop under load; then it comes back, and buyers want the rest. In the full form only. */
export async function kills(context: Context): Promise<Outcome> {
  if (context.quick) return { results: [], verdicts: [] };
  const results = [];
  let lost = 0;
  for (const strategy of [ours, ...baselines]) {
    const losses: Loss[] = [];
    for (let round = 0; round < ROUNDS; round++) losses.push(await killOnce(context, strategy, round));
    const [forgotten, stranded] = [losses.map((loss) => loss.forgotten), losses.map((loss) => loss.stranded)];
    const { name } = strategy;
    results.push({ name: `killed: ${name}, told and forgotten`, unit: 'holds', ...summaryOf(forgotten) });
    results.push({ name: `killed: ${name}, stranded`, unit: 'tickets', ...summaryOf(stranded) });
    context.say(`killed · ${name}: forgotten ${forgotten.join(', ')} holds, stranded ${stranded.join(', ')}`);
    if (strategy === ours) lost = [...forgotten, ...stranded].reduce((sum, part) => sum + part, 0);
  }
  const promise = 'Holds forgotten and tickets stranded by onsale, killed under load';
  return { results, verdicts: [atMost('claims-killed-loses-nothing', promise, 0, lost)] };
}

async function killOnce(context: Context, strategy: Strategy, round: number): Promise<Loss> {
  const database = await context.database(strategy.database);
  try {
    const told = await tellAndDie(context, strategy, database.url, killAfter(round));
    const shop = await strategy.open(database.url, SALE, context.redisUrl);
    try {
      const options = {
        buyers: BUYERS,
        windowMs: Number.POSITIVE_INFINITY,
        boundMs: RESUME_MAX_MS,
        seed: round,
      };
      await rush(shop, SALE, options);
      const { held } = await shop.books();
      return { forgotten: await forgottenOf(database.url, strategy, told), stranded: SALE.capacity - held };
    } finally {
      await shop.close();
    }
  } finally {
    await database.drop();
  }
}

/** @returns the buyers who heard that they hold tickets. */
async function tellAndDie(
  context: Context,
  { name }: Strategy,
  databaseUrl: string,
  holds: number,
): Promise<string[]> {
  const { redisUrl } = context;
  const child = startChild(context, 'victim.ts', { name, databaseUrl, redisUrl, sale: SALE, buyers: BUYERS });
  const told = new Set<string>();
  child.on('message', (buyer: string) => {
    told.add(buyer);
    if (told.size === holds) child.kill('SIGKILL');
  });
  const [status] = await once(child, 'close');
  if (told.size < holds) throw new Error(`${name} ended with ${status} before it was killed.`);
  return [...told];
}

/** Each buyer asks for one hold, so whom no row names has been forgotten. */
async function forgottenOf(databaseUrl: string, { database }: Strategy, told: string[]): Promise<number> {
  const table = database === 'migrated' ? 'holds' : 'booking';
  return onServer(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM unnest($1::uuid[]) AS told (buyer)
       WHERE NOT EXISTS (SELECT FROM ${table} WHERE ${table}.buyer = told.buyer)`,
      [told],
    );
    return rows[0]!.count;
  });
}
