import { type Database, openDatabase } from '@onsale/booking-core/db/database';
import { printOfTier } from '@onsale/booking-core/holds/ask';
import { type Claimer, openClaimer } from '@onsale/booking-core/holds/claimer';
import { openStock } from '@onsale/booking-core/inventory/stock';
import { Refusal } from '@onsale/shared/errors';
import { uuidOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import type { Answer, Ask, Books, Sale, Shop, Strategy } from '../../baselines/strategy.ts';
import { type Past, putOnSale, TIER } from './put-on-sale.ts';

const EVENT = 'on-sale';

interface Instance {
  readonly database: Database;
  readonly claimer: Claimer;
}

/**
 * Ours: the code that the HTTP route calls, from the id and print of the request to the verdict. Instances are core
 * processes as Postgres sees them, each with its own connections, batches and candidates; here they share one Node.
 */
export const onsale = ({
  instances,
  past = {},
  name = instances === 1 ? 'onsale' : `onsale, ${instances} instances`,
}: {
  instances: number;
  past?: Past;
  name?: string;
}): Strategy => ({
  name,
  database: 'migrated',
  async open(databaseUrl, sale): Promise<Shop> {
    const cores = Array.from({ length: instances }, () => openInstance(databaseUrl));
    await putOnSale(cores[0]!.database, EVENT, sale, past);
    let turn = 0;
    return {
      claim: (ask) => claimOf(cores[turn++ % instances]!.claimer, ask),
      books: () => booksOf(cores[0]!.database, sale),
      close: async () => void (await Promise.all(cores.map(({ database }) => database.close()))),
    };
  },
});

function openInstance(databaseUrl: string): Instance {
  const database = openDatabase(databaseUrl);
  const unwatched = { judged: () => {}, reloaded: () => {} };
  return { database, claimer: openClaimer(database, openStock(database.db), unwatched) };
}

async function claimOf(claimer: Claimer, { buyer, key, quantity }: Ask): Promise<Answer> {
  const id = uuidOf('hold', EVENT, buyer, key);
  const print = printOfTier(TIER, quantity);
  // What the session would carry: a place of 22 characters.
  const place = buyer.slice(0, 22);
  try {
    await claimer.claim(EVENT, TIER, { id, buyer, place, turn: 1, quantity, print });
    return 'held';
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    if (fault.code === 'notEnough' || fault.code === 'soldOut') return 'notEnough';
    if (fault.code === 'buyerLimit') return 'overLimit';
    throw fault;
  }
}

/** Counted from the tickets on the one hand and from the holds on the other. */
async function booksOf({ db }: Database, sale: Sale): Promise<Books> {
  const { rows } = await sql<Books>`
    with live as materialized (select buyer, quantity, tickets from holds where expires_at > (select sale_clock()))
    select
      (select count(*) from live)::int holds,
      (select coalesce(sum(cardinality(tickets)), 0) from live)::int held,
      (select count(*) from tickets where free_at <= (select sale_clock()))::int "left",
      (select count(*) from (select from live, unnest(tickets) ticket group by ticket having count(*) > 1) twice)::int
        "heldTwice",
      (select count(*) from (select from live group by buyer having sum(quantity) > ${sale.buyerLimit}) greedy)::int
        "overLimit"`.execute(db);
  return rows[0]!;
}
