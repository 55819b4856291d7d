import type { Sale, Strategy } from '../../baselines/strategy.ts';
import type { Context, Outcome } from '../bench.ts';
import { summaryOf } from '../statistics.ts';
import { atMost } from '../verdicts.ts';
import { onsale } from './core.ts';
import { baselines, ours, oursTwice } from './strategies.ts';
import { SALE, visit } from './visit.ts';

const LAST: Sale = { capacity: 100, buyerLimit: 2 };
const CROWD = 10_000;
const toTheEnd = { windowMs: Number.POSITIVE_INFINITY } as const;

/** How the last tickets go: of the stadium its last hundredth, and 10,000 at once for the last 100. */
export async function lastTickets(context: Context, faults: string[]): Promise<Outcome> {
  const outcomes = [await lastPercent(context, faults), await lastHundred(context, faults)];
  return {
    results: outcomes.flatMap(({ results }) => results),
    verdicts: outcomes.flatMap(({ verdicts }) => verdicts),
  };
}

async function lastPercent(context: Context, faults: string[]): Promise<Outcome> {
  const results = [];
  let off = 0;
  for (const strategy of [ours, oursTwice]) {
    const tookMs: number[] = [];
    for (let round = 0; round < (context.quick ? 1 : 3); round++) {
      const told = await visit(context, strategy, SALE, faults, { ...toTheEnd, seed: round });
      off += Math.abs(SALE.capacity - told.held);
      tookMs.push(told.lastPartMs);
    }
    results.push({ name: `${strategy.name}: last 1 % sold in`, unit: 'ms', ...summaryOf(tookMs) });
    context.say(`last 1 % · ${strategy.name}: ${Math.round(tookMs.at(-1)!)} ms, ${off} off`);
  }
  const promise = 'Tickets of the stadium left or sold too much, when 1,000 buy it out';
  return { results, verdicts: [atMost('claims-last-percent-exactly', promise, 0, off)] };
}

/** Ours has the rest of the stadium sold around the last 100; baselines keep counters, and begin with 100. */
async function lastHundred(context: Context, faults: string[]): Promise<Outcome> {
  const past = { soldTickets: SALE.capacity - LAST.capacity };
  const amidSold = [1, 2].map((instances) => onsale({ instances, past }));
  const contenders: Strategy[] = context.quick ? amidSold : [...amidSold, ...baselines];
  const results = [];
  let off = 0;
  for (const strategy of contenders) {
    const told = await visit(context, strategy, LAST, faults, { ...toTheEnd, seed: 0, buyers: CROWD });
    off += Math.abs(LAST.capacity - told.held);
    results.push({
      name: `${strategy.name}: 10,000 answered about the last 100 in`,
      unit: 'ms',
      ...summaryOf([told.tookMs]),
    });
    context.say(
      `last 100 · ${strategy.name}: ${told.held} held, all answered in ${Math.round(told.tookMs)} ms`,
    );
  }
  const promise = 'Tickets left or sold too much, when 10,000 want the last 100';
  return { results, verdicts: [atMost('claims-last-hundred-exactly', promise, 0, off)] };
}
