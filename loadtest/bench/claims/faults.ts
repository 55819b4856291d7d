import { setTimeout as delay } from 'node:timers/promises';
import { onServer } from '../../../bin/stack/database.ts';
import type { Books, Sale, Strategy } from '../../baselines/strategy.ts';
import type { Rush } from './rush.ts';

/** What a run broke of the promises, in words; nothing when the database and the buyers agree. */
export function faultsOf(books: Books, sale: Sale, told: Rush): string[] {
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [books.held <= sale.capacity, `${books.held} of ${sale.capacity} tickets are held: oversold`],
    [
      books.held + books.left === sale.capacity,
      `${books.held} held and ${books.left} left are not the ${sale.capacity} there are`,
    ],
    [books.heldTwice === 0, `${books.heldTwice} tickets are in two holds`],
    [books.overLimit === 0, `${books.overLimit} buyers are over the limit`],
    [
      books.holds === told.holds && books.held === told.tickets,
      `buyers were told of ${told.holds} holds with ${told.tickets} tickets, the database has ${books.holds} with ${books.held}`,
    ],
    [!told.soldOut || books.left === 0, `"sold out" was said while ${books.left} tickets were left`],
    [told.wrongAnswers === 0, `${told.wrongAnswers} repeats or limits were answered wrongly`],
  ];
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault);
}

/** For how long connections that were closed may take to end: what they did is counted when they have. */
const ENDING_MAX_MS = 5_000;

/**
 * Of ours no transaction is rolled back: it takes one lock first, so there is no deadlock and no serialization failure to be
 * run again. Asked once its connections are closed. @returns what was, in words; nothing when nothing was, or of another design
 */
export async function undoneBy({ database }: Strategy, databaseUrl: string): Promise<string[]> {
  // Only ours plays on the core's own tables.
  if (database !== 'migrated') return [];
  const ended = performance.now() + ENDING_MAX_MS;
  return onServer(databaseUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ others: number; undone: number; deadlocks: number }>(`
        SELECT xact_rollback::int undone, deadlocks::int,
          (SELECT count(*)::int FROM pg_stat_activity a WHERE a.datname = d.datname AND a.pid <> pg_backend_pid()) others
        FROM pg_stat_database d WHERE datname = current_database()`);
      const { others, undone, deadlocks } = rows[0]!;
      if (others > 0 && performance.now() < ended) await delay(20);
      else return undone === 0 ? [] : [`${undone} transactions were rolled back, ${deadlocks} by a deadlock`];
    }
  });
}
