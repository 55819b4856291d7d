import { randomUUID } from 'node:crypto';
import type { Shop, Strategy } from '../../baselines/strategy.ts';
import type { Context, Outcome } from '../bench.ts';
import { median, ratios, summaryOf } from '../statistics.ts';
import { atMost } from '../verdicts.ts';
import { ours, promised } from './strategies.ts';
import { SALE } from './visit.ts';

const WARM_UP = 200;

/** One buyer at a time, nobody else there: what gathering batches costs him. Ours and the plain transaction in turn. */
export async function idle(context: Context): Promise<Outcome> {
  const rounds = context.quick ? 3 : 7;
  const claims = context.quick ? 300 : 1_000;
  const mine = await openShop(context, ours);
  const plain = await openShop(context, promised.rowLock);
  await inTurn(mine, plain, WARM_UP);
  const [mineMs, plainMs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const took = await inTurn(mine, plain, claims);
    mineMs.push(median(took.map(([ms]) => ms)));
    plainMs.push(median(took.map(([, ms]) => ms)));
    context.say(
      `idle · ${ours.name} ${mineMs.at(-1)!.toFixed(2)} ms, plain ${plainMs.at(-1)!.toFixed(2)} ms`,
    );
  }
  const part = ratios(mineMs, plainMs);
  return {
    results: [
      { name: 'idle: onsale, a batch of one', unit: 'ms', ...summaryOf(mineMs) },
      { name: 'idle: plain transaction of five trips', unit: 'ms', ...summaryOf(plainMs) },
      { name: 'idle: onsale ÷ plain', unit: '×', ...summaryOf(part) },
    ],
    verdicts: [
      atMost(
        'claims-idle-latency',
        'Median of a batch of one, as a part of the plain transaction',
        0.8,
        median(part),
      ),
    ],
  };
}

async function openShop(context: Context, strategy: Strategy): Promise<Shop> {
  const database = await context.database(strategy.database);
  const shop = await strategy.open(database.url, SALE, context.redisUrl);
  context.atEnd(shop.close);
  return shop;
}

/** @returns ms of each pair of claims. */
async function inTurn(mine: Shop, plain: Shop, claims: number): Promise<Array<[number, number]>> {
  const took: Array<[number, number]> = [];
  for (let at = 0; at < claims; at++) took.push([await timed(mine), await timed(plain)]);
  return took;
}

async function timed(shop: Shop): Promise<number> {
  const ask = { buyer: randomUUID(), key: randomUUID(), quantity: 1 };
  const from = performance.now();
  if ((await shop.claim(ask)) !== 'held') throw new Error('A buyer who was alone was refused.');
  return performance.now() - from;
}
