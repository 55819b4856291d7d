import fc from 'fast-check';
import type { Mishap } from './provider.ts';

/** What may happen in a sale, at random: rounds of steps that run at once, the clock moved between and within them. */
export const HOLD_TTL_MS = 10_000;
export const TIERS = { a: 9, b: 5 } as const;
export const CAPACITY = 14;
/** The same tickets as numbered seats. */
export const ROWS = [
  { row: 'A', tier: 'a', distance: 1, seats: '.....' },
  { row: 'B', tier: 'a', distance: 2, seats: '.. ..' },
  { row: 'C', tier: 'b', distance: 3, seats: '.....' },
] as const;
export const BUYERS = 5;

export type Step =
  | { do: 'hold'; buyer: number; core: number; quantity: number; tier: 'a' | 'b'; key: number }
  | { do: 'choose'; buyer: number; core: number; seats: number[]; key: number }
  | { do: 'best'; buyer: number; core: number; quantity: number; together: boolean; key: number }
  | { do: 'release'; pick: number; core: number }
  | { do: 'extend'; pick: number; core: number; key: number }
  | { do: 'pay'; pick: number; core: number; method: string; mishap: Mishap; lateMs: number; again: boolean }
  | { do: 'giveBack'; pick: number; all: boolean; became: 'refunded' | 'cancelled'; key: number }
  | { do: 'cancelOrder'; pick: number; core: number }
  | { do: 'cancelEvent' }
  | { do: 'block'; core: number; tier: 'a' | 'b'; quantity: number; move: 'block' | 'unblock' }
  | { do: 'deliver' }
  | { do: 'lapse' }
  | { do: 'reconcile' };
export type Of<Do extends Step['do']> = Extract<Step, { do: Do }>;
export interface Round {
  readonly clockMs: number;
  readonly steps: readonly Step[];
}

const core = fc.nat({ max: 1 });
const pick = fc.nat({ max: 30 });
const buyer = fc.nat({ max: BUYERS - 1 });
const tier = fc.constantFrom('a' as const, 'b' as const);
const a = <Do extends string>(name: Do) => fc.constant(name);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: a('hold'),
      buyer,
      core,
      quantity: fc.integer({ min: 1, max: 5 }),
      tier,
      key: fc.nat({ max: 12 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: a('choose'),
      buyer,
      core,
      seats: fc.uniqueArray(fc.nat({ max: CAPACITY - 1 }), { minLength: 1, maxLength: 3 }),
      key: fc.nat({ max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: a('best'),
      buyer,
      core,
      quantity: fc.integer({ min: 1, max: 4 }),
      together: fc.boolean(),
      key: fc.nat({ max: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: a('release'), pick, core }) },
  { weight: 2, arbitrary: fc.record({ do: a('extend'), pick, core, key: fc.nat({ max: 3 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: a('pay'),
      pick,
      core,
      method: fc.constantFrom(
        'sandboxApprove',
        'sandboxApprove',
        'sandboxApprove',
        'sandboxDecline',
        'sandboxWebhookTwice',
        'sandboxWebhookMixed',
        'sandboxTooLate',
      ),
      mishap: fc.constantFrom<Mishap>('none', 'none', 'none', 'lostBefore', 'lostAfter'),
      lateMs: fc.constantFrom(0, 0, 0, HOLD_TTL_MS + 1),
      again: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: a('giveBack'),
      pick,
      all: fc.boolean(),
      became: fc.constantFrom('refunded' as const, 'cancelled' as const),
      key: fc.nat({ max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: a('cancelOrder'), pick, core }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: a('block'),
      core,
      tier,
      quantity: fc.integer({ min: 1, max: 3 }),
      move: fc.constantFrom('block' as const, 'unblock' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: a('deliver') }) },
  { weight: 1, arbitrary: fc.record({ do: a('lapse') }) },
  { weight: 1, arbitrary: fc.record({ do: a('reconcile') }) },
);
const round = (last: fc.Arbitrary<Step>): fc.Arbitrary<Round> =>
  fc.record({
    clockMs: fc.constantFrom(0, 0, 1_000, HOLD_TTL_MS / 2, HOLD_TTL_MS + 1),
    steps: fc.array(last, { minLength: 1, maxLength: 10 }),
  });
const ordinary = fc.array(round(step), { minLength: 2, maxLength: 10 });
/** One sale in five is cancelled in the middle of everything, and goes on being tried. */
const ended = fc
  .tuple(
    fc.array(round(step), { minLength: 1, maxLength: 5 }),
    round(step),
    fc.array(round(step), { minLength: 1, maxLength: 3 }),
  )
  .map(([before, then, after]) => [
    ...before,
    { ...then, steps: [...then.steps, { do: 'cancelEvent' as const }] },
    ...after,
  ]);
export interface RandomSale {
  /** Numbered seats, or units of general admission. */
  readonly seated: boolean;
  readonly rounds: readonly Round[];
}
export const sales: fc.Arbitrary<RandomSale> = fc.record({
  seated: fc.boolean(),
  rounds: fc.oneof({ weight: 4, arbitrary: ordinary }, { weight: 1, arbitrary: ended }),
});
