import { limits } from '@onsale/shared/limits';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeded } from '../line/test/fixture.ts';
import { decide, roomForBuyers } from './decide.ts';

const CLAIM_WINDOW_MS = 60_000;
const HOLD_MS = 60_000;
const TICKETS = 400;

interface Told {
  admitted: number;
  /** Looked for tickets and found none. */
  inVain: number;
  soldOutAtMs: number;
  /** The longest time that tickets were free, fans waited, and nobody was about to take any. */
  idleMs: number;
}

/**
 * A sale in a room that only the stock bounds, by the ticks' clock: fans claim after some seconds or never, look around,
 * and hold what they want or what is left; some holds lapse. `takes` says what they want, `perFan` what is known of it.
 */
function sell(seed: number, known: boolean): Told {
  const random = seeded(seed);
  const wants = [0, 1, 2, 2, 2, 4, 4, 6];
  const mean = wants.reduce((sum, want) => sum + want, 0) / wants.length;
  const deviation = Math.sqrt(wants.reduce((sum, want) => sum + (want - mean) ** 2, 0) / wants.length);
  const told: Told = { admitted: 0, inVain: 0, soldOutAtMs: 0, idleMs: 0 };
  let free = TICKETS;
  let sold = 0;
  let idleSinceMs: number | undefined;
  let offers: { claimsAtMs: number; lapsesAtMs: number }[] = [];
  let fresh: { takesAtMs: number; freshUntilMs: number; want: number }[] = [];
  let idlers: typeof fresh = [];
  let holds: { tickets: number; paysAtMs: number; lapsesAtMs: number }[] = [];

  for (let nowMs = 0; sold < TICKETS; nowMs += limits.tickMs) {
    if (nowMs > 3_600_000) throw new Error(`${TICKETS - sold} tickets are not sold within the hour`);
    for (const { claimsAtMs } of offers.filter((one) => one.claimsAtMs <= nowMs)) {
      const takesAtMs = claimsAtMs + 2_000 + 16_000 * random();
      fresh.push({
        takesAtMs,
        freshUntilMs: claimsAtMs + limits.freshShopperMs,
        want: wants[Math.floor(random() * wants.length)]!,
      });
    }
    offers = offers.filter(({ claimsAtMs, lapsesAtMs }) => claimsAtMs > nowMs && lapsesAtMs > nowMs);
    for (const { tickets } of holds.filter(({ lapsesAtMs }) => lapsesAtMs <= nowMs)) free += tickets;
    for (const { tickets } of holds.filter(({ paysAtMs }) => paysAtMs <= nowMs)) sold += tickets;
    holds = holds.filter(({ paysAtMs, lapsesAtMs }) => paysAtMs > nowMs && lapsesAtMs > nowMs);
    for (const { want } of [...fresh, ...idlers].filter(({ takesAtMs }) => takesAtMs <= nowMs)) {
      const tickets = Math.min(want, free);
      if (want > 0 && tickets === 0) told.inVain += 1;
      if (tickets === 0) continue;
      free -= tickets;
      const pays = random() < 0.85;
      holds.push({
        tickets,
        paysAtMs: pays ? nowMs + 20_000 * random() : Infinity,
        lapsesAtMs: nowMs + HOLD_MS,
      });
    }
    idlers = [...idlers, ...fresh.filter(({ freshUntilMs }) => freshUntilMs <= nowMs)].filter(
      ({ takesAtMs }) => takesAtMs > nowMs,
    );
    fresh = fresh.filter(({ takesAtMs, freshUntilMs }) => takesAtMs > nowMs && freshUntilMs > nowMs);

    const lapsing = holds
      .filter(({ lapsesAtMs }) => lapsesAtMs <= nowMs + limits.returnsAheadMs)
      .reduce((sum, { tickets }) => sum + tickets, 0);
    const perFan = known ? { mean, deviation } : null;
    const { wish } = decide({
      state: 'open',
      policy: { ratePerMinute: 6_000, capacity: 100_000 },
      line: { waiting: 100_000 },
      shoppers: { offers: offers.length, sessions: 0, fresh: fresh.length },
      stock: { total: TICKETS, free, sold, blocked: 0, lapsing, perFan, pressure: 0 },
    });
    const admitted = Math.min(wish, 20);
    told.admitted += admitted;
    for (let fan = 0; fan < admitted; fan += 1) {
      const comes = random() < 0.95;
      offers.push({
        claimsAtMs: comes ? nowMs + 500 + 4_000 * random() : Infinity,
        lapsesAtMs: nowMs + CLAIM_WINDOW_MS,
      });
    }
    const idle = free > 0 && offers.length + fresh.length === 0;
    idleSinceMs = idle ? (idleSinceMs ?? nowMs) : undefined;
    if (idleSinceMs !== undefined) told.idleMs = Math.max(told.idleMs, nowMs - idleSinceMs);
    told.soldOutAtMs = nowMs;
  }
  return told;
}

const sales = (known: boolean): Told[] => Array.from({ length: 20 }, (_, at) => sell(20261121 + at, known));
const sumOf = (of: keyof Told, all: readonly Told[]): number => all.reduce((sum, one) => sum + one[of], 0);

test('[ADM-24] near the end slots follow the free stock: few look in vain, nothing free stands idle, everything is sold', () => {
  const [counted, guessed] = [sales(true), sales(false)];
  const vain = (all: readonly Told[]): number => sumOf('inVain', all) / sumOf('admitted', all);
  // Of those let in. What the fans took on average keeps it low; one ticket each, as long as nothing is known, does not.
  expect(vain(counted)).toBeLessThan(0.05);
  expect(vain(guessed)).toBeGreaterThan(3 * vain(counted));
  // No free ticket waits for a shopper who already has his.
  expect(sumOf('idleMs', counted)).toBe(0);
  expect(sumOf('soldOutAtMs', counted)).toBeLessThan(1.5 * sumOf('soldOutAtMs', guessed));
});

test('[ADM-24] a ticket that is there has room for one, none for nobody, and what fans take bounds the rest', () => {
  expect(roomForBuyers({ free: 0, lapsing: 0, perFan: null })).toBe(0);
  expect(roomForBuyers({ free: 7, lapsing: 2, perFan: null })).toBe(9);
  expect(roomForBuyers({ free: 100, lapsing: 0, perFan: { mean: 2, deviation: 0 } })).toBe(50);
  expect(roomForBuyers({ free: 3, lapsing: 0, perFan: { mean: 2, deviation: 0 } })).toBe(2);
  const amounts = fc.record({
    free: fc.nat(100_000),
    lapsing: fc.nat(1_000),
    perFan: fc.option(
      fc.record({
        mean: fc.double({ min: 0, max: 20, noNaN: true }),
        deviation: fc.double({ min: 0, max: 20, noNaN: true }),
      }),
    ),
  });
  fc.assert(
    fc.property(amounts, (stock) => {
      const supply = stock.free + stock.lapsing;
      const room = roomForBuyers(stock);
      expect(room).toBeLessThanOrEqual(supply);
      expect(room > 0).toBe(supply > 0);
      expect(roomForBuyers({ ...stock, free: stock.free + 1 })).toBeGreaterThanOrEqual(room);
      expect(roomForBuyers({ ...stock, perFan: null })).toBe(supply);
      if (room > 1 && stock.perFan !== null) {
        const mean = Math.max(1, stock.perFan.mean);
        const before = room - 1;
        expect(before * mean + 1.645 * stock.perFan.deviation * Math.sqrt(before)).toBeLessThanOrEqual(
          supply + 1e-6,
        );
      }
    }),
    { seed: 20261121, numRuns: 2_000 },
  );
});
