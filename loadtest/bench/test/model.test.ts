import { expect, test } from 'vitest';
import { costOf } from '../model/cost.ts';
import { byDepth, fitted, inProportion, ofSortedSet, type Sizes } from '../model/law.ts';
import { type Assumed, type Costs, type Demand, needsOf } from '../model/needs.ts';

const sizes: Sizes = [1_000, 10_000, 1_000_000];
const judged = (law: typeof byDepth, of: (size: number) => number, third = of(sizes[2])) =>
  costOf({
    id: 'probe',
    what: 'cost',
    unit: 'µs',
    counts: 'fans',
    law,
    sizes,
    values: [[of(sizes[0])], [of(sizes[1])], [third]],
  });

test('[RUN-59] what follows the law is told exactly at any size, and the third size has no part in it', () => {
  const linear = (size: number): number => 7 + 3 * size;
  const deep = (size: number): number => 20 + 2 * Math.log2(size);
  for (const [law, of] of [
    [inProportion, linear],
    [byDepth, deep],
  ] as const) {
    const cost = judged(law, of);
    expect(cost.at(10_000_000)).toBeCloseTo(of(10_000_000), 6);
    expect(cost.verdicts[0]).toMatchObject({ id: 'model-predicts-third-size-probe', pass: true });
    expect(judged(law, of, of(sizes[2]) * 100).at(sizes[2])).toBe(cost.at(sizes[2]));
  }
});

test('[RUN-59] a prediction that is off by more than a fifth fails, either way; so does a law of another shape', () => {
  const flat = (): number => 100;
  expect(judged(byDepth, flat, 119).verdicts[0]!.pass).toBe(true);
  expect(judged(byDepth, flat, 126).verdicts[0]!.pass).toBe(false);
  expect(judged(byDepth, flat, 82).verdicts[0]!.pass).toBe(false);
  expect(judged(byDepth, (size) => size).verdicts[0]!.pass).toBe(false);
  expect(judged(inProportion, Math.log2).verdicts[0]!.pass).toBe(false);
});

test('[RUN-59] rounds in which others took of the machine tell nothing of the cost, at whichever size they were', () => {
  const rounds = (size: number, disturbed: number): number[] =>
    [1, 1, disturbed, disturbed, disturbed].map((times) => (7 + 3 * size) * times).reverse();
  for (const disturbed of [
    [5, 1, 1],
    [1, 5, 1],
    [1, 1, 5],
  ] as const) {
    const [first, second, third] = sizes.map((size, at) => rounds(size, disturbed[at]!));
    const values = [first!, second!, third!] as const;
    const cost = costOf({
      id: 'probe',
      what: 'cost',
      unit: 'µs',
      counts: 'fans',
      law: inProportion,
      sizes,
      values,
    });
    expect(cost.at(10_000_000)).toBeCloseTo(30_000_007, 3);
    expect(cost.verdicts[0]!.pass).toBe(true);
  }
});

test('a cost that falls with size is a constant with noise; tables of a sorted set double', () => {
  expect(fitted(byDepth, sizes, [42, 38])(10_000_000)).toBe(40);
  const bytes = (members: number): number => 1_000 + 90 * members + 8 * 2 ** Math.ceil(Math.log2(members));
  const told = fitted(ofSortedSet, [50_000, 150_000], [bytes(50_000), bytes(150_000)]);
  for (const members of [65_536, 65_537, 600_000, 10_000_000])
    expect(told(members)).toBeCloseTo(bytes(members), 3);
});

const costs: Costs = {
  gateway: { join: 100, status: 50, push: 20, socketBytes: 16 * 1024 },
  redis: { join: 20, status: 10, poll: 10, tick: 2_000, lineBytes: 2 ** 30 },
  core: { purchase: 3_000 },
  postgres: { purchase: 5_000, hold: 25 },
};
const demand: Demand = {
  fans: 1_048_576,
  requestsPerSecond: 10_000,
  joinPart: 0.5,
  pushesPerFanPerSecond: 0.1,
  purchases: 60_000,
  purchasesWithinSeconds: 600,
};
const assumed: Assumed = {
  busy: 0.5,
  socketsPerGateway: 20_000,
  pollsPerSecond: 10,
  ticksPerSecond: 5,
  coresPerPostgres: 8,
};

test('[RUN-59] what is needed follows from the costs, by hand', () => {
  const needs = new Map(needsOf(costs, demand, assumed).map(({ name, value }) => [name, value]));
  // 10,000 × (0.5 × 100 + 0.5 × 50) µs are 0.75 of a core, which may be half busy.
  expect(needs.get('gateways: cores for the requests')).toBeCloseTo(1.5);
  expect(needs.get('gateways: processes for the sockets')).toBe(53);
  expect(needs.get('gateways in all')).toBe(53);
  expect(needs.get('gateways: memory of the sockets')).toBe(16);
  expect(needs.get('Redis: nodes for the requests, of many events')).toBe(1);
  // Five ticks of 2 ms and 53 gateways that ask ten times a second: 0.0153 of a core.
  expect(needs.get('Redis: part of its node that one event takes beside joins')).toBeCloseTo(0.0153);
  expect(needs.get('Redis: joins that the node of one event takes')).toBeCloseTo(24_235);
  expect(needs.get('Redis: until all have joined one event')).toBeCloseTo(43.27, 1);
  expect(needs.get('Postgres: cores for the purchases')).toBeCloseTo(1);
  expect(needs.get('Postgres: nodes for the purchases')).toBe(1);
  const many = needsOf(costs, { ...demand, requestsPerSecond: 1_000_000 }, assumed);
  expect(many.find(({ name }) => name === 'gateways in all')!.value).toBe(155);
});
