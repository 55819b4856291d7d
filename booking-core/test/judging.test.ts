import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimHolds, type Proposal } from '../src/holds/claim.ts';
import { candidatesOf } from '../src/inventory/candidates.ts';
import { openWalk, walked, walkOf } from '../src/inventory/walk.ts';
import { brokenPromises } from './promises.ts';
import { openSale, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 1 });
});
afterAll(() => sale.close());

const proposal = (candidates: readonly number[], more: Partial<Proposal> = {}): Proposal => ({
  id: randomUUID(),
  buyer: randomUUID(),
  place: randomBytes(16).toString('base64url'),
  turn: 1,
  quantity: Math.max(1, candidates.length),
  print: randomBytes(16),
  candidates,
  ...more,
});

const ticketsOf = async (event: string) => {
  const { rows } = await sql<{ id: number; hold: string | null; free: boolean }>`
    select id, hold, free_at <= sale_clock() free from tickets where event = ${event} order by id`.execute(
    sale.database.db,
  );
  return rows;
};

/** Judged together, and each alone: both must say the same. */
const judgements = [
  {
    name: 'together',
    judge: (event: string, batch: Proposal[]) => claimHolds(sale.database, event, batch),
  },
  {
    name: 'one by one',
    judge: async (event: string, batch: Proposal[]) => {
      const verdicts = [];
      for (const one of batch) verdicts.push(...(await claimHolds(sale.database, event, [one])));
      return verdicts;
    },
  },
];

describe.for(judgements)('judged $name', ({ judge }) => {
  test('[BOOK-2] a hold that lost a candidate leaves its others free, and costs nobody else his', async () => {
    const event = await sale.putOnSale({ tiers: { a: 12 }, buyerLimit: 4, holdTtlMs: 60_000 });
    const ids = (await ticketsOf(event)).map(({ id }) => id);
    // Ticket 3 had a hold that ran out; tickets 0 and 5 are in a hold that lives.
    const over = proposal([ids[3]!]);
    await claimHolds(sale.database, event, [over]);
    await sale.moveClock(60_001);
    const first = proposal([ids[0]!, ids[5]!]);
    await claimHolds(sale.database, event, [first]);

    const had = proposal([ids[8]!]);
    await claimHolds(sale.database, event, [had]);
    const batch = [
      proposal([ids[1]!, ids[2]!]),
      proposal([ids[3]!, ids[5]!, ids[4]!]),
      proposal([ids[0]!]),
      first,
      { ...first, print: randomBytes(16) },
      proposal([ids[6]!]),
      proposal([], { quantity: 2 }),
      proposal([ids[7]!, ids[0]!], { buyer: had.buyer }),
      proposal([ids[9]!, ids[10]!], { buyer: first.buyer, quantity: 2 }),
    ].filter((_one, at) => at !== 4 || judge !== judgements[0]!.judge);
    const verdicts = await judge(event, batch);
    const told = new Map(batch.map((one, at) => [one, verdicts[at]!]));
    const outcomes = verdicts.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome !== 'mismatch')).toEqual([
      'held',
      'lost',
      'lost',
      'replay',
      'held',
      'lost',
      'lost',
      'held',
    ]);
    expect([...told].find(([, { outcome }]) => outcome === 'replay')![1].tickets).toEqual(first.candidates);
    expect(verdicts.at(-2)!.had).toBe(1);

    const tickets = await ticketsOf(event);
    expect(tickets.map(({ free }) => free)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((at) => [3, 4, 7, 11].includes(at)),
    );
    // What it gave back names nobody, or who had it before and whose time is over.
    expect([over.id, null]).toContain(tickets[3]!.hold);
    expect([4, 7].map((at) => tickets[at]!.hold)).toEqual([null, null]);
    expect(await brokenPromises(sale.database)).toEqual({});
  });
});

test('[BOOK-8] processes walk the stock from different ends, and those that meet have sold what lay between', async () => {
  const { db } = sale.database;
  const walks = await Promise.all(Array.from({ length: 6 }, () => openWalk(db)()));
  expect(new Set(walks.map((walk) => JSON.stringify(walk))).size).toBe(6);

  const free = Array.from({ length: 1_000 }, (_, at) => at);
  for (const place of [0, 1, 2, 3, 7, 12]) {
    expect(walked(free, walkOf(place)).toSorted((a, b) => a - b)).toEqual(free);
  }
  const halves = [0, 1].map((place) => walked(free, walkOf(place)).slice(0, 500));
  const quarters = [0, 1, 2, 3].map((place) => walked(free, walkOf(place)).slice(0, 250));
  expect(new Set(halves.flat()).size).toBe(1_000);
  expect(new Set(quarters.flat()).size).toBe(1_000);
});

test('[BOOK-8] what is proposed and taken while the list is read is not proposed again', async () => {
  let answer = (_free: number[]): void => {};
  const reads: Array<Promise<number[]>> = [];
  const candidates = candidatesOf(
    async () => {
      const read = new Promise<number[]>((resolve) => {
        answer = resolve;
      });
      reads.push(read);
      return { count: { free: 0, held: 0, sold: 0 }, free: await read };
    },
    async () => walkOf(0),
  );
  const first = candidates.reload();
  await expect.poll(() => reads.length).toBe(1);
  answer([1, 2, 3, 4]);
  await first;

  expect(candidates.take(1)).toEqual([1]);
  const second = candidates.reload();
  await expect.poll(() => reads.length).toBe(2);
  candidates.settle([1], 'judged');
  expect(candidates.take(1)).toEqual([2]);
  candidates.settle([2], 'judged');
  expect(candidates.take(1)).toEqual([3]);
  candidates.settle([3], 'unused');
  // Read before any of them was taken.
  answer([1, 2, 3, 4]);
  await second;
  expect([candidates.take(1), candidates.take(1), candidates.take(1)]).toEqual([[3], [4], undefined]);
});
