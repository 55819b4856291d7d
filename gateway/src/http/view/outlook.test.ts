import type { Odds, WaitRange } from '@onsale/shared/http/line';
import { type Lane, lanes } from '@onsale/shared/lanes';
import type { Snapshot } from '@onsale/shared/snapshot';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../../test/depth.ts';
import { roomOf } from '../../line/test/fixture.ts';
import { oddsOf, waitOf } from './outlook.ts';
import type { RoomNow } from './rooms.ts';

const NOW_MS = 1_800_000_000_000;

/** What a room may look like: from an idle one to one that is full, sold to the last ticket, or half deserted. */
const rooms = fc
  .record({
    ratePerMinute: fc.integer({ min: 1, max: 60_000 }),
    capacity: fc.integer({ min: 1, max: 50_000 }),
    priorityPercent: fc.integer({ min: 0, max: 45 }),
    returningPercent: fc.integer({ min: 0, max: 45 }),
    opensInMs: fc.option(fc.integer({ min: -600_000, max: 3_600_000 })),
    endsInMs: fc.option(fc.integer({ min: 1, max: 36_000_000 })),
    used: fc.double({ min: 0, max: 1.2, noNaN: true }),
    waiting: fc.tuple(fc.nat(2_000), fc.nat(2_000), fc.nat(100_000)),
    byLane: fc.tuple(
      fc.double({ min: 0, max: 0.45, noNaN: true }),
      fc.double({ min: 0, max: 0.45, noNaN: true }),
    ),
    deviation: fc.double({ min: 0, max: 1, noNaN: true }),
    slots: fc.record({
      minutes: fc.double({ min: 0.02, max: 240, noNaN: true }),
      doubt: fc.double({ min: 0.02, max: 0.6, noNaN: true }),
    }),
    turnout: fc.double({ min: 0.02, max: 4, noNaN: true }),
    doubt: fc.double({ min: 0, max: 1, noNaN: true }),
    leavingPerMinute: fc.double({ min: 0, max: 0.5, noNaN: true }),
    free: fc.nat(60_000),
    held: fc.nat(10_000),
    perFan: fc.record({
      mean: fc.double({ min: 0, max: 4, noNaN: true }),
      deviation: fc.double({ min: 0, max: 3, noNaN: true }),
      doubt: fc.double({ min: 0, max: 0.8, noNaN: true }),
    }),
    spoken: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map((drawn): RoomNow & { snapshot: Snapshot } => {
    const { ratePerMinute, capacity, priorityPercent, returningPercent, opensInMs, endsInMs } = drawn;
    const opensAtMs = opensInMs === null ? null : NOW_MS + opensInMs;
    const endsAtMs = endsInMs === null ? null : Math.max(NOW_MS, opensAtMs ?? 0) + endsInMs;
    const policy = { ratePerMinute, capacity, priorityPercent, returningPercent, opensAtMs, endsAtMs };
    const [priority, returning] = drawn.byLane;
    const waiting: Record<Lane, number> = {
      priority: drawn.waiting[0],
      returning: drawn.waiting[1],
      general: drawn.waiting[2],
    };
    const shape = (lane: Lane) => ({
      waiting: waiting[lane],
      front: [],
      presentUpTo: null,
      admittedLastMinute: 0,
    });
    return {
      away: false,
      samples: undefined,
      room: roomOf('e', policy),
      snapshot: {
        seq: 1,
        atMs: NOW_MS,
        room: { state: 'open', waiting: 0, version: 1 },
        epoch: 1,
        reason: 'rate',
        offers: 0,
        sessions: Math.round(capacity * drawn.used),
        away: 0,
        noShows: 0,
        admittedLastMinute: ratePerMinute,
        forecast: {
          pace: {
            perMinute: ratePerMinute,
            deviation: drawn.deviation * Math.sqrt(ratePerMinute),
            slots: drawn.slots,
          },
          crowd: {
            turnout: drawn.turnout,
            doubt: drawn.doubt,
            leavingPerMinute: drawn.leavingPerMinute,
            byLane: { priority, returning, general: 1 - priority - returning },
          },
          stock: {
            free: drawn.free,
            held: drawn.held,
            heldUntilMs: null,
            spoken: { free: drawn.free * drawn.spoken, held: drawn.held * drawn.spoken },
            perFan: drawn.perFan,
          },
        },
        lanes: Object.fromEntries(lanes.map((lane) => [lane, shape(lane)])),
      } as unknown as Snapshot,
    } as unknown as RoomNow & { snapshot: Snapshot };
  });

const places = fc.tuple(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 1, max: 200_000 }));
const chanceOf = ({ bound, percent }: Odds): number =>
  bound === 'under' ? 0 : bound === 'over' ? 100 : percent;

const without = (
  now: RoomNow & { snapshot: Snapshot },
  forecast: Partial<Snapshot['forecast']>,
): RoomNow => ({
  ...now,
  snapshot: { ...now.snapshot, forecast: { ...now.snapshot.forecast, ...forecast } },
});
const waitAt = (now: RoomNow, place: number, lane: Lane): WaitRange => waitOf({ place, lane }, now, NOW_MS)!;

test('[LINE-40] a wait holds its middle, is never negative, and is never less for who stands further back', () => {
  fc.assert(
    fc.property(rooms, places, fc.constantFrom(...lanes), (drawn, pair, lane) => {
      const now = without(drawn as RoomNow & { snapshot: Snapshot }, { stock: null });
      const [near, far] = [Math.min(...pair), Math.max(...pair)];
      const [before, behind] = [waitAt(now, near, lane), waitAt(now, far, lane)];
      for (const { fromMs, middleMs, toMs } of [before, behind]) {
        expect(fromMs).toBeGreaterThanOrEqual(0);
        expect(middleMs).toBeGreaterThanOrEqual(fromMs);
        expect(toMs).toBeGreaterThanOrEqual(middleMs);
        expect([fromMs, middleMs, toMs].every(Number.isSafeInteger)).toBe(true);
      }
      for (const end of ['fromMs', 'middleMs', 'toMs'] as const) {
        expect(behind[end]).toBeGreaterThanOrEqual(before[end]);
      }
    }),
    { numRuns: runs(2_000, 50_000) },
  );
});

test('[LINE-42] odds are never better for who stands further back, nor worse with more free tickets', () => {
  fc.assert(
    fc.property(rooms, places, fc.constantFrom(...lanes), fc.nat(5_000), (drawn, pair, lane, more) => {
      const now = drawn as RoomNow & { snapshot: Snapshot };
      const [place, far] = [Math.min(...pair), Math.max(...pair)];
      const odds = oddsOf({ place, lane }, now, NOW_MS)!;
      expect(chanceOf(oddsOf({ place: far, lane }, now, NOW_MS)!)).toBeLessThanOrEqual(chanceOf(odds));
      const stock = now.snapshot.forecast.stock!;
      const richer = without(now, { stock: { ...stock, free: stock.free + more } });
      expect(chanceOf(oddsOf({ place, lane }, richer, NOW_MS)!)).toBeGreaterThanOrEqual(chanceOf(odds));
      expect(odds.bound === 'about' || odds.percent === (odds.bound === 'under' ? 5 : 95)).toBe(true);
      expect(odds.percent % 5).toBe(0);
    }),
    { numRuns: runs(2_000, 50_000) },
  );
});

/** A plain room: 300 a minute, nobody absent, tickets for all. */
const plain = (changes: Partial<RoomNow['room']> = {}): RoomNow => {
  const room = roomOf('e', { ratePerMinute: 300, capacity: 100_000, ...changes });
  const [{ snapshot }] = fc.sample(rooms, { seed: 1, numRuns: 1 }) as [RoomNow & { snapshot: Snapshot }];
  const forecast: Snapshot['forecast'] = {
    pace: { perMinute: room.ratePerMinute, deviation: 5, slots: { minutes: 4, doubt: 0.1 } },
    crowd: {
      turnout: 1,
      doubt: 0.02,
      leavingPerMinute: 0,
      byLane: { priority: 0, returning: 0, general: 1 },
    },
    stock: null,
  };
  const nobody = Object.fromEntries(lanes.map((lane) => [lane, { ...snapshot.lanes[lane], waiting: 0 }]));
  const lanesNow = nobody as Snapshot['lanes'];
  const seen = { ...snapshot, offers: 0, sessions: 0, admittedLastMinute: 300, forecast, lanes: lanesNow };
  return { room, snapshot: seen } as RoomNow;
};

test('[LINE-40] [LINE-41] a wait follows place, rate, capacity, absence and the doors', () => {
  const minutes = (now: RoomNow, place = 3_000): number =>
    waitOf({ place, lane: 'general' }, now, NOW_MS)!.middleMs / 60_000;
  expect(minutes(plain())).toBe(10);
  expect(minutes(plain({ ratePerMinute: 150 }))).toBe(20);
  // 400 slots of 4 minutes: they are full soon, and from then on 100 go a minute.
  expect(minutes(plain({ capacity: 400 }))).toBeGreaterThan(24);
  expect(minutes(plain({ opensAtMs: NOW_MS + 5 * 60_000 }))).toBe(15);
  const half = plain();
  half.snapshot!.forecast.crowd.turnout = 0.5;
  expect(minutes(half)).toBe(5);
  const tired = plain();
  tired.snapshot!.forecast.crowd.leavingPerMinute = 0.05;
  expect(minutes(tired)).toBeLessThan(9);
});

test('[LINE-40] the fans of another lane count as far as its share lets them in first', () => {
  const middle = (now: RoomNow, lane: Lane): number => waitOf({ place: 700, lane }, now, NOW_MS)!.middleMs;
  const alone = plain();
  const busy = plain();
  busy.snapshot!.lanes.priority.waiting = 100_000;
  // A long priority lane has 30 of 100 while the general lane has 50 of the 80 that both share.
  expect(middle(busy, 'general') / middle(alone, 'general')).toBeCloseTo(80 / 50, 0);
  const few = plain();
  few.snapshot!.lanes.priority.waiting = 300;
  expect(middle(few, 'general')).toBeGreaterThan(middle(alone, 'general'));
  expect(middle(few, 'general')).toBeLessThan(middle(busy, 'general'));
});

test('[LINE-40] [LINE-42] nothing is told where nothing can be known', () => {
  const asked = { place: 10, lane: 'general' } as const;
  const now = plain();
  expect(oddsOf(asked, now, NOW_MS)).toBeNull();
  expect(waitOf(asked, { ...now, snapshot: undefined }, NOW_MS)).toBeNull();
  expect(waitOf(asked, plain({ capacity: 0 }), NOW_MS)).toBeNull();
  now.snapshot!.forecast.stock = {
    free: 5,
    held: 90,
    heldUntilMs: NOW_MS + 60_000,
    spoken: { free: 5, held: 60 },
    perFan: { mean: 1.2, deviation: 1.2, doubt: 0.05 },
  };
  // Admission will have to wait for what others give back, and nobody knows when they do.
  expect(waitOf(asked, now, NOW_MS)).toBeNull();
  expect(oddsOf(asked, now, NOW_MS)).not.toBeNull();
  now.snapshot!.forecast.pace = null;
  expect(waitOf({ place: 1, lane: 'general' }, now, NOW_MS)).toBeNull();
});

test('[LINE-42] who cannot be let in before the sale ends has no odds, however many tickets are left', () => {
  const at = (place: number): number => {
    const now = plain({ endsAtMs: NOW_MS + 10 * 60_000 });
    const perFan = { mean: 1, deviation: 1, doubt: 0.05 };
    const spoken = { free: 0, held: 0 };
    now.snapshot!.forecast.stock = { free: 1_000_000, held: 0, heldUntilMs: null, spoken, perFan };
    return chanceOf(oddsOf({ place, lane: 'general' }, now, NOW_MS)!);
  };
  expect(at(1_500)).toBe(100);
  expect(at(3_000)).toBe(50);
  expect(at(6_000)).toBe(0);
});
