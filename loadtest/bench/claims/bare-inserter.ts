import { BARE_INSERT, bareInsert } from '../../baselines/bare-insert.ts';
import type { Context } from '../bench.ts';
import type { Contender } from '../rounds.ts';
import { BUYERS } from './visit.ts';

/** Rows of one bare insert, about as many as the stadium has holds. */
const ROWS = 40_000;

/** The limit of the machine, as one of those that are compared: rows per second, into a database of its own. */
export const bareInserter = (context: Context): Contender<number> => ({
  name: BARE_INSERT,
  async run(round) {
    const database = await context.database('migrated');
    try {
      const rate = await bareInsert(database.url, { rows: ROWS, buyers: BUYERS });
      context.say(`round ${round} · ${BARE_INSERT}: ${Math.round(rate)} rows/s`);
      return rate;
    } finally {
      await database.drop();
    }
  },
});
