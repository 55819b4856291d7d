import { type Database, openDatabase } from '@onsale/booking-core/db/database';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { sql } from 'kysely';
import type { Bench, Context } from './bench.ts';
import { putOnSale } from './claims/put-on-sale.ts';
import { ours } from './claims/strategies.ts';
import { SALE, visit } from './claims/visit.ts';
import { type Load, load } from './http/load.ts';
import { requestsFor } from './http/requests.ts';
import { startHttpServers } from './http/servers.ts';
import { type Contender, interleave } from './rounds.ts';
import { median, ratios, summaryOf } from './statistics.ts';
import { atLeast, atMost } from './verdicts.ts';

const CONNECTIONS = 1_000;
/** As many as there are tickets for: one and two in turn. */
const REQUESTS = Math.floor((SALE.capacity * 2) / 3);

const EMPTY = 'empty route';
const BODY = 'body and zod';
const SESSION = 'and session';
const CORE = 'core';
const GATEWAY = 'through the gateway';
const IN_PROCESS = 'claims in process';

export const bookingHttp: Bench = {
  name: 'booking-http',
  question: 'How many holds per second over HTTP, as a part of what an empty route answers?',
  minutes: { quick: 3, full: 6 },
  async run(context) {
    const { url: databaseUrl } = await context.database('migrated');
    const servers = await startHttpServers(context, databaseUrl);
    const database = openDatabase(databaseUrl, { connections: 1 });
    context.atEnd(database.close);
    const ring = keyringOf(servers.hmacKeys);
    const windowMs = context.quick ? 2_000 : 4_000;
    const faults: string[] = [];

    const stage = (name: string, url: string): Contender<number> => {
      const requests = requestsFor(ring, 'on-sale', REQUESTS);
      return {
        name,
        async run(round) {
          let at = 0;
          const next = (): Buffer => requests[at++ % requests.length]!;
          const told = await load(url, { connections: CONNECTIONS, windowMs, next });
          if (told.wrong > 0) faults.push(`${name}: ${told.wrong} wrong answers`);
          return say(context, round, name, told);
        },
      };
    };
    const seller = (name: string, url: string): Contender<number> => ({
      name,
      async run(round) {
        const eventId = `${name.replaceAll(' ', '-')}-${round}`;
        await putOnSale(database, eventId, SALE);
        await sql`checkpoint`.execute(database.db);
        const requests = requestsFor(ring, eventId, REQUESTS);
        const next = (): Buffer | undefined => requests.pop();
        const told = await load(url, { connections: CONNECTIONS, windowMs, next });
        faults.push(...(await faultsOf(database, eventId, told)).map((fault) => `${name}: ${fault}`));
        return say(context, round, name, told);
      },
    });
    const inProcess: Contender<number> = {
      name: IN_PROCESS,
      async run(round) {
        const told = await visit(context, ours, SALE, faults, { windowMs, seed: round });
        return told.holdsPerSecond ?? Number.NaN;
      },
    };

    const rates = await interleave(
      [
        stage(EMPTY, servers.stageUrls.empty),
        seller(CORE, servers.coreUrl),
        stage(BODY, servers.stageUrls.body),
        stage(SESSION, servers.stageUrls.session),
        seller(GATEWAY, servers.gatewayUrl),
        inProcess,
      ],
      { rounds: context.quick ? 3 : 7, warmUps: 1 },
    );
    for (const fault of faults) context.say(`broken: ${fault}`);
    return outcomeOf(rates, faults.length);
  },
};

function say(context: Context, round: number, name: string, { requestsPerSecond, made }: Load): number {
  context.say(`round ${round} · ${name}: ${Math.round(requestsPerSecond)} requests/s, ${made} made`);
  return requestsPerSecond;
}

/** What clients were told against what the database has. */
async function faultsOf({ db }: Database, eventId: string, told: Load): Promise<string[]> {
  const { rows } = await sql<{ holds: number; twice: number }>`
    select (select count(*) from holds where event = ${eventId})::int holds,
      (select count(*) from (select from holds, unnest(tickets) ticket where event = ${eventId}
        group by ticket having count(*) > 1) repeated)::int twice`.execute(db);
  const { holds, twice } = rows[0]!;
  return [
    ...(told.wrong > 0 ? [`${told.wrong} wrong answers`] : []),
    ...(twice > 0 ? [`${twice} tickets are in two holds`] : []),
    ...(holds !== told.made ? [`${told.made} holds were told, ${holds} are there`] : []),
  ];
}

/** What is added from one to the next, in µs of a request: of all processes and cores together. */
const added = [
  [`cost of ${BODY}`, EMPTY, BODY],
  ['cost of the session', BODY, SESSION],
  ['cost of the claim, by HTTP', SESSION, CORE],
  ['cost of the gateway', CORE, GATEWAY],
] as const;

function outcomeOf(rates: ReadonlyMap<string, number[]>, faults: number) {
  const of = (name: string): number[] => rates.get(name)!;
  const results = [...rates].map(([name, values]) => ({
    name,
    unit: name === IN_PROCESS ? 'holds/s' : 'requests/s',
    ...summaryOf(values),
  }));
  for (const [name, before, after] of added) {
    const costs = of(after).map((rate, at) => 1e6 / rate - 1e6 / of(before)[at]!);
    results.push({ name, unit: 'µs', ...summaryOf(costs) });
  }
  const part = ratios(of(CORE), of(EMPTY));
  results.push({ name: `${CORE} ÷ ${EMPTY}`, unit: '×', ...summaryOf(part) });
  const promise = 'Holds over HTTP at the core, as a part of an empty Hono route';
  return {
    results,
    verdicts: [
      atMost('booking-http-exact', 'Answers that were wrong or not what the database has', 0, faults),
      atLeast('booking-http-vs-empty-route', promise, 0.35, median(part)),
    ],
  };
}
