import { type Random, seeded } from '../../crowd/random.ts';
import type { Habits, Scenario } from './scenario.ts';

/** Nothing of a sale is known beforehand: what differs from sale to sale is drawn for each seed. */
const kinds: Readonly<
  Record<string, (random: Random) => Partial<Scenario> & { policy?: Scenario['policy'] }>
> = {
  'rate bound, the rate changed': (random) => ({
    changes: [{ atMinutes: between(random, 8, 20), policy: { ratePerMinute: 300 * factor(random, 0.35) } }],
  }),
  'slots full': (random) => ({
    policy: { ...policy, capacity: Math.round(between(random, 500, 900)) },
    changes: [
      { atMinutes: between(random, 10, 20), policy: { capacity: Math.round(700 * factor(random, 0.25)) } },
    ],
  }),
  'first the rate, then the slots': (random) => ({
    policy: { ...policy, capacity: Math.round(between(random, 800, 1_300)), ratePerMinute: 400 },
    crowd: {
      general: { before: between(random, 2_500, 4_500), perMinute: between(random, 150, 300) },
      priority: none,
    },
  }),
  'three lanes': (random) => ({
    crowd: {
      general: { before: 2_500, perMinute: between(random, 100, 220) },
      priority: { before: between(random, 100, 700), perMinute: between(random, 10, 60) },
    },
    fans: { ...habitsOf(random), noShow: 0.2, joinsAgain: 0.7 },
    changes: [{ atMinutes: between(random, 8, 20), policy: { ratePerMinute: 300 * factor(random, 0.25) } }],
  }),
  'a pause': (random) => {
    const atMinutes = between(random, 8, 16);
    return {
      changes: [
        { atMinutes, policy: { paused: true } },
        { atMinutes: atMinutes + between(random, 0.5, 3), policy: { paused: false } },
      ],
    };
  },
  'half are absent': (random) => ({
    fans: { ...habitsOf(random), absent: between(random, 0.35, 0.6), leavesPerMinute: 0.01 },
    changes: [{ atMinutes: between(random, 8, 20), policy: { ratePerMinute: 300 * factor(random, 0.2) } }],
  }),
  'sells out': (random) => ({
    minutes: 75,
    tickets: Math.round(between(random, 2_500, 5_000)),
    crowd: { general: { before: 2_500, perMinute: between(random, 100, 200) }, priority: none },
    changes: [{ atMinutes: between(random, 5, 12), policy: { ratePerMinute: 300 * factor(random, 0.25) } }],
  }),
};

export const scenarioNames: readonly string[] = Object.keys(kinds);

export function scenarioOf(name: string, seed: number): Scenario {
  const random = seeded(seed, scenarioNames.indexOf(name));
  return {
    name,
    minutes: 40,
    tickets: 50_000,
    policy,
    doorsMinutes: between(random, 2, 6),
    crowd: {
      general: { before: between(random, 2_500, 4_500), perMinute: between(random, 150, 300) },
      priority: none,
    },
    fans: habitsOf(random),
    changes: [],
    ...kinds[name]!(random),
  };
}

const policy: Scenario['policy'] = {
  ratePerMinute: 300,
  capacity: 5_000,
  claimWindowMs: 120_000,
  sessionTtlMs: 600_000,
  priorityPercent: 30,
  returningPercent: 20,
  paused: false,
};
const none = { before: 0, perMinute: 0 };

const habitsOf = (random: Random): Habits => ({
  absent: between(random, 0.05, 0.25),
  comesBack: 0.3,
  leavesPerMinute: between(random, 0, 0.015),
  noShow: between(random, 0.05, 0.2),
  joinsAgain: 0.5,
  looksOnly: between(random, 0.05, 0.25),
  buys: between(random, 0.6, 0.9),
  wants: [0.25, 0.45, 0.1, 0.2],
  choosesMinutes: between(random, 0.5, 2.5),
  paysMinutes: between(random, 0.5, 4.5),
});

const between = (random: Random, least: number, most: number): number => least + random() * (most - least);

/** As often more as less. @param spread standard deviation of its logarithm, about */
const factor = (random: Random, spread: number): number => Math.exp(spread * 1.73 * (2 * random() - 1));
