import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type Situation } from './decide.ts';

const calm: Situation = {
  state: 'open',
  policy: { ratePerMinute: 600, capacity: 100 },
  line: { waiting: 50 },
  shoppers: { offers: 0, sessions: 0, fresh: 0 },
  stock: { total: 500, free: 500, sold: 0, blocked: 0, lapsing: 0, perFan: null, pressure: 0 },
};
const policy = (changes: Partial<Situation['policy']>) => ({ policy: { ...calm.policy, ...changes } });
const stock = (changes: Partial<NonNullable<Situation['stock']>>) => ({
  stock: { ...calm.stock!, ...changes },
});

test.each<[string, Partial<Situation>, number, string]>([
  ['everyone who waits may go', {}, 50, 'empty'],
  ['nobody waits', { line: { waiting: 0 } }, 0, 'empty'],
  ['the doors are closed', { state: 'closed' }, 0, 'closed'],
  ['the sale has ended', { state: 'ended' }, 0, 'ended'],
  ['the doors open later', { state: 'preOpening' }, 0, 'preOpening'],
  ['the line is being put together again', { state: 'healing' }, 0, 'healing'],
  ['closed outranks sold out', { state: 'closed', ...stock({ sold: 500 }) }, 0, 'closed'],
  ['paused', { state: 'paused' }, 0, 'paused'],
  ['sold out outranks paused', { state: 'paused', ...stock({ sold: 500, free: 0 }) }, 0, 'soldOut'],
  ['what is not sold is blocked', stock({ free: 0, sold: 300, blocked: 200 }), 0, 'soldOut'],
  ['all is held: it may come back', stock({ free: 0, sold: 100 }), 0, 'stock'],
  ['an event without tickets is not sold out', stock({ total: 0, free: 0 }), 0, 'stock'],
  ['the core is away', { stock: undefined }, 0, 'pressure'],
  ['the core is full', stock({ pressure: 1 }), 0, 'pressure'],
  ['the core is busy', stock({ pressure: 0.9 }), 50, 'empty'],
  ['a rate of nothing', policy({ ratePerMinute: 0 }), 0, 'rate'],
  ['slots are left for some', { shoppers: { offers: 60, sessions: 30, fresh: 0 } }, 10, 'capacity'],
  [
    'more shop than a lowered capacity allows',
    { shoppers: { offers: 60, sessions: 90, fresh: 0 } },
    0,
    'capacity',
  ],
  ['few tickets are free', stock({ free: 7 }), 7, 'stock'],
  [
    'free tickets are spoken for by offers and fresh shoppers',
    { ...stock({ free: 30 }), shoppers: { offers: 10, sessions: 40, fresh: 15 } },
    5,
    'stock',
  ],
  ['tickets that are about to come back', stock({ free: 2, lapsing: 3 }), 5, 'stock'],
  [
    'fans take more than one',
    {
      ...stock({ free: 30, perFan: { mean: 3, deviation: 0 } }),
      shoppers: { offers: 2, sessions: 40, fresh: 3 },
    },
    5,
    'stock',
  ],
  [
    'idle shoppers keep no free ticket from the line',
    { ...stock({ free: 3 }), shoppers: { offers: 0, sessions: 90, fresh: 0 } },
    3,
    'stock',
  ],
])('[ADM-6] %s', (_, changes, wish, reason) => {
  expect(decide({ ...calm, ...changes })).toEqual({ wish, reason });
});

const situations: fc.Arbitrary<Situation> = fc.record({
  state: fc.constantFrom('closed', 'ended', 'preOpening', 'healing', 'paused', 'open'),
  policy: fc.record({
    ratePerMinute: fc.nat(1_000),
    capacity: fc.nat(200),
  }),
  line: fc.record({ waiting: fc.nat(500) }),
  shoppers: fc.record({ offers: fc.nat(150), sessions: fc.nat(150), fresh: fc.nat(150) }),
  stock: fc.option(
    fc.record({
      total: fc.nat(500),
      free: fc.nat(500),
      sold: fc.nat(500),
      blocked: fc.nat(20),
      lapsing: fc.nat(20),
      perFan: fc.option(fc.constantFrom({ mean: 0.4, deviation: 0.5 }, { mean: 2.5, deviation: 1.2 })),
      pressure: fc.constantFrom(0, 0.5, 1),
    }),
    { nil: undefined },
  ),
});

test('[ADM-1] [ADM-6] [ADM-11] whatever the situation, no wish exceeds the line, the slots or the tickets that are there', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const before = structuredClone(situation);
      const { wish, reason } = decide(situation);
      const { state, policy, line, shoppers, stock } = situation;
      expect(wish).toBeGreaterThanOrEqual(0);
      expect(wish).toBeLessThanOrEqual(line.waiting);
      if (wish > 0) {
        expect(state === 'open' && policy.ratePerMinute > 0).toBe(true);
        expect(shoppers.offers + shoppers.sessions + wish).toBeLessThanOrEqual(policy.capacity);
        expect(shoppers.offers + shoppers.fresh + wish).toBeLessThanOrEqual(stock!.free + stock!.lapsing);
        expect(stock!.pressure).toBeLessThan(1);
      }
      expect(decide(structuredClone(situation))).toEqual({ wish, reason });
      expect(situation).toEqual(before);
    }),
    { seed: 20261121, numRuns: 2_000 },
  );
});
