import { limits } from '@onsale/shared/limits';
import type { Bench, Context } from './bench.ts';
import { type Load, load } from './http/load.ts';
import { rawAdding } from './joins/raw.ts';
import { newFans } from './joins/requests.ts';
import { EVENT, type Stand, setUp } from './joins/stand.ts';
import { type Contender, interleave } from './rounds.ts';
import { median, ratios, summaryOf } from './statistics.ts';
import { atLeast, atMost } from './verdicts.ts';

const CONNECTIONS = 200;
/** For the times of single joins: the gateway is busy, and a join does not mostly wait for others. */
const CALM_CONNECTIONS = 10;
const FEW = 1_000;
const MANY = 1_000_000;

const EMPTY = 'empty route';
const VALIDATED = 'validated';
const LIMITED = 'and limited';
const PLACED = 'and placed';
const JOIN = 'the join';

/** A load, and what it took of the gateway's and Redis's CPU for each request, µs. */
type Told = Load & { readonly gatewayMicros: number; readonly redisMicros: number };

/** All that is in a sale is in this one: a worker that ticks, every limit. Nobody is admitted, so whoever joins waits. */
export const joins: Bench = {
  name: 'joins',
  question: 'How many joins per second over HTTP, as a part of what an empty route answers?',
  minutes: { quick: 3, full: 8 },
  async run(context) {
    const stand = await setUp(context);
    const faults: string[] = [];
    await live(context, stand);
    const rounds = { rounds: context.quick ? 3 : 9, warmUps: 1 };
    const loads = await interleave([...stages(context, stand, faults), rawAdding(context)], rounds);

    const calm = [FEW, MANY].map((waiting) =>
      asking(context, stand, faults, {
        name: `${waiting} waiting`,
        url: stand.gatewayUrl,
        connections: CALM_CONNECTIONS,
        waiting,
      }),
    );
    const told = await interleave(calm, rounds);
    const times = calm.map(({ name }) => told.get(name)!.map(({ p99Ms }) => p99Ms));
    for (const fault of faults) context.say(`broken: ${fault}`);
    return outcomeOf(loads, times, faults.length);
  },
};

/**
 * Lets as many join as the gateway keeps told places of: one that has just begun does not yet forget any, and the evening is
 * long. As many ask for each of what it is compared with, or theirs would be code that has just begun beside code that is hot.
 */
async function live({ say }: Context, { gatewayUrl, stageUrls, standAt }: Stand): Promise<void> {
  for (const url of [gatewayUrl, ...Object.values(stageUrls)]) {
    await standAt(FEW);
    const fans = newFans(EVENT);
    let left = limits.placesToldMax;
    const { wrong } = await load(url, {
      connections: CONNECTIONS,
      windowMs: Number.POSITIVE_INFINITY,
      next: () => (left-- > 0 ? fans.next().value : undefined),
    });
    if (wrong > 0) throw new Error(`${wrong} of the first requests were answered wrongly`);
  }
  say(
    `${limits.placesToldMax} requests each before anything is measured: no map of the gateway grows any more`,
  );
}

function stages(context: Context, stand: Stand, faults: string[]): Contender<Told>[] {
  const { stageUrls, gatewayUrl } = stand;
  const named = [
    [EMPTY, stageUrls.empty],
    [VALIDATED, stageUrls.validated],
    [LIMITED, stageUrls.limited],
    [PLACED, stageUrls.placed],
    [JOIN, gatewayUrl],
  ] as const;
  return named.map(([name, url]) =>
    asking(context, stand, faults, { name, url, connections: CONNECTIONS, waiting: FEW }),
  );
}

interface Asked {
  readonly name: string;
  readonly url: string;
  readonly connections: number;
  /** In line when it begins. */
  readonly waiting: number;
}

function asking(
  { quick, say }: Context,
  stand: Stand,
  faults: string[],
  { name, url, connections, waiting }: Asked,
): Contender<Told> {
  return {
    name,
    async run(round) {
      await stand.standAt(waiting);
      const fans = newFans(EVENT);
      const before = await stand.cpu();
      const told = await load(url, {
        connections,
        windowMs: quick ? 1_000 : 4_000,
        next: () => fans.next().value,
      });
      const after = await stand.cpu();
      if (told.wrong > 0) faults.push(`${name}: ${told.wrong} wrong answers`);
      const { requestsPerSecond, p99Ms, made } = told;
      say(
        `round ${round} · ${name}: ${Math.round(requestsPerSecond)} requests/s, p99 ${p99Ms.toFixed(1)} ms`,
      );
      return {
        ...told,
        gatewayMicros: ((after.gateway - before.gateway) * 1e6) / made,
        redisMicros: ((after.redis - before.redis) * 1e6) / made,
      };
    },
  };
}

/** What is added from one to the next, in µs of a request: of all processes and cores together. */
const added = [
  ['cost of our app and the validation', EMPTY, VALIDATED],
  ["cost of the network's bound", VALIDATED, LIMITED],
  ['cost of the place in line', LIMITED, PLACED],
  ['cost of who he is, tokens, cookie, status', PLACED, JOIN],
] as const;

function outcomeOf(loads: ReadonlyMap<string, Told[]>, [few, many]: number[][], faults: number) {
  const rates = (name: string): number[] => loads.get(name)!.map((told) => told.requestsPerSecond);
  const results = [...loads.keys()].map((name) => ({ name, unit: 'requests/s', ...summaryOf(rates(name)) }));
  for (const [name, before, after] of added) {
    const costs = rates(after).map((rate, at) => 1e6 / rate - 1e6 / rates(before)[at]!);
    results.push({ name, unit: 'µs', ...summaryOf(costs) });
  }
  const cpu = loads.get(JOIN)!;
  const part = ratios(rates(JOIN), rates(EMPTY));
  results.push(
    {
      name: 'CPU of the gateway, of a join',
      unit: 'µs',
      ...summaryOf(cpu.map((told) => told.gatewayMicros)),
    },
    { name: 'CPU of Redis, of a join', unit: 'µs', ...summaryOf(cpu.map((told) => told.redisMicros)) },
    { name: `${JOIN} ÷ ${EMPTY}`, unit: '×', ...summaryOf(part) },
    { name: `p99 of a join, ${FEW} waiting`, unit: 'ms', ...summaryOf(few!) },
    { name: `p99 of a join, ${MANY} waiting`, unit: 'ms', ...summaryOf(many!) },
  );
  return {
    results,
    verdicts: [
      atMost('joins-exact', 'Joins that were not answered with a new place', 0, faults),
      atLeast(
        'joins-vs-empty-route',
        'Joins over HTTP, as a part of an empty Hono JSON route',
        0.4,
        median(part),
      ),
      atMost(
        'joins-p99-at-a-million',
        'p99 of a join at 1,000,000 waiting, as a multiple of that at 1,000',
        1.5,
        median(many!) / median(few!),
      ),
    ],
  };
}
