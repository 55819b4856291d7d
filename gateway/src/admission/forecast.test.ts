import type { AdmissionReason } from '@onsale/shared/http/internal';
import { afterAll, expect, test } from 'vitest';
import type { Flow } from '../line/look.ts';
import { lineFixture, placeOf, roomOf } from '../line/test/fixture.ts';
import { balanced, estimatesOf, settled } from './estimates.ts';
import { crowdForecastOf, paceForecastOf, stockForecastOf } from './forecast.ts';
import { type Memory, memoryOf, remember } from './memory.ts';
import { tick } from './tick.ts';

const fixture = lineFixture();
afterAll(() => fixture.close());

const START_S = 1_800_000_000;

/** Seconds of a room, one after the other, as its ticks see them. */
class Past {
  room = roomOf('e', { ratePerMinute: 300, capacity: 1_000, sessionTtlMs: 600_000 });
  memory: Memory | undefined;
  #second = START_S;
  #flow: Flow[] = [];
  #slots = 0;
  #away = 0;

  second(admitted: number, { freed = 0, passed = 0, reason = 'rate', looks = 1 }: Partial<Seen> = {}): void {
    this.#flow = [
      ...this.#flow.slice(-60),
      { atMs: this.#second * 1_000, general: admitted, priority: 0, returning: 0 },
    ];
    this.#slots += admitted - freed;
    this.#away += passed;
    this.#second += 1;
    for (let look = 0; look < looks; look += 1) {
      const seen = {
        nowMs: this.#second * 1_000 + 200 * look + 100,
        flow: this.#flow,
        offers: 0,
        sessions: this.#slots,
        away: this.#away,
        left: 0,
        inLanes: 1_000,
        room: this.room,
      };
      this.memory = settled(this.room, remember(this.memory, seen, { reason, stock: { sold: 0 } }));
    }
  }

  get pace() {
    return paceForecastOf(this.room, this.memory!);
  }
}
interface Seen {
  freed: number;
  passed: number;
  reason: AdmissionReason;
  looks: number;
}

test('[LINE-41] a changed rate is in the forecast with the next tick', () => {
  const past = new Past();
  for (let second = 0; second < 120; second += 1) past.second(5);
  expect(past.pace?.perMinute).toBeCloseTo(300, 0);
  past.room = { ...past.room, ratePerMinute: 600 };
  past.second(5);
  expect(past.pace?.perMinute).toBeGreaterThan(570);
  past.room = { ...past.room, ratePerMinute: 60 };
  past.second(1);
  expect(past.pace?.perMinute).toBeLessThanOrEqual(60);
});

test('[LINE-41] a rate that is not reached is measured', () => {
  const past = new Past();
  for (let second = 0; second < 120; second += 1) past.second(3);
  expect(past.pace?.perMinute).toBeGreaterThan(170);
  expect(past.pace?.perMinute).toBeLessThan(200);
});

test('[LINE-41] bound by stock, no pace is told within seconds, and it is again once admission goes on', () => {
  const past = new Past();
  for (let second = 0; second < 60; second += 1) past.second(5);
  let silentAfter = 0;
  while (past.pace !== null) {
    past.second(0, { reason: 'stock' });
    silentAfter += 1;
  }
  expect(silentAfter).toBeGreaterThan(1);
  expect(silentAfter).toBeLessThanOrEqual(5);
  for (let second = 0; second < 60; second += 1) past.second(0, { reason: 'stock' });
  let backAfter = 0;
  while (past.pace === null) {
    past.second(5);
    backAfter += 1;
  }
  expect(backAfter).toBeLessThanOrEqual(5);
});

test('[LINE-41] how long slots are kept is guessed first, measured as they are freed, and followed when it changes', () => {
  const past = new Past();
  past.second(0);
  const guess = past.pace!.slots;
  expect(guess.minutes).toBeCloseTo(4.1, 1);
  for (let second = 0; second < 200; second += 1) past.second(5, { reason: 'capacity' });
  // 1,000 slots, 10 of them freed each second: 100 seconds each.
  for (let second = 0; second < 900; second += 1) past.second(10, { freed: 10, reason: 'capacity' });
  const measured = past.pace!.slots;
  expect(measured.minutes).toBeGreaterThan(1.55);
  expect(measured.minutes).toBeLessThan(1.8);
  expect(measured.doubt).toBeLessThan(guess.doubt / 2);
  for (let second = 0; second < 180; second += 1) past.second(5, { freed: 5, reason: 'capacity' });
  expect(past.pace!.slots.minutes).toBeGreaterThan(2.7);
});

test('[LINE-41] who is passed over is no admission: the part that is there is measured', () => {
  const past = new Past();
  for (let second = 0; second < 300; second += 1) past.second(5, { freed: 5, passed: 5 });
  expect(crowdForecastOf(past.room, past.memory!).turnout).toBeCloseTo(0.5, 1);
});

test('[LINE-41] several ticks of one second count it once, and a silence of minutes counts as nothing', () => {
  const [once, often] = [new Past(), new Past()];
  for (let second = 0; second < 100; second += 1) {
    once.second(5, { freed: 3 });
    often.second(5, { freed: 3, looks: 4 });
  }
  expect({ ...often.memory, told: null }).toEqual({ ...once.memory, told: null });
  expect(once.memory!.admitted).toBe(5 * 99);
});

test('[LINE-41] what is told stays as long as it is about right', () => {
  const past = new Past();
  const told = new Set<number>();
  for (let second = 0; second < 600; second += 1) {
    past.second(second % 2 === 0 ? 9 : 1, { freed: second % 2 === 0 ? 1 : 9, reason: 'capacity' });
    if (second > 300) told.add(past.pace!.slots.minutes);
  }
  const raw = estimatesOf(past.room, past.memory!).slotMinutes;
  expect(told.size).toBeLessThanOrEqual(3);
  for (const minutes of told) expect(Math.abs(minutes / raw - 1)).toBeLessThan(0.1);
});

test('[LINE-41] the recent past counts as far as the long one does not agree with it', () => {
  const long = { value: 4, variance: 0.001 };
  expect(balanced({ value: 4.2, variance: 0.04 }, long).value).toBeLessThan(4.02);
  expect(balanced({ value: 8, variance: 0.01 }, long).value).toBeGreaterThan(7.5);
});

test('[LINE-42] what fans buy is told from the first minutes on, and better once turns are over', () => {
  const past = new Past();
  for (let second = 0; second < 200; second += 1) past.second(5, { freed: 2 });
  const shoppers = { offers: 100, sessions: 500 };
  const stock = { free: 5_000, held: 400, holders: 200, sold: 600, heldUntilMs: null, perFan: null };
  const early = stockForecastOf(stock, past.memory!, shoppers)!.perFan!;
  // 900 bought, or about to be, by those 700 or so of 1,000 who have decided.
  expect(early.mean).toBeGreaterThan(1);
  expect(early.mean).toBeLessThan(1.6);
  const over = { mean: 1.25, deviation: 1.2, fans: 2_000 };
  const late = stockForecastOf({ ...stock, perFan: over }, past.memory!, shoppers)!.perFan!;
  expect(late.mean).toBe(1.25);
  expect(late.doubt).toBeLessThan(early.doubt);
  const nobody = new Past();
  nobody.second(5);
  expect(stockForecastOf(stock, nobody.memory!, shoppers)!.perFan).toBeNull();
});

test('[LINE-41] the memory is kept in Redis by every tick, whichever worker’s it is, and one of another form is forgotten', async () => {
  const { line } = fixture;
  const room = await fixture.room({ ratePerMinute: 6_000 });
  for (let fan = 0; fan < 20; fan += 1) await line.join(room.eventId, placeOf(fan));
  const stock = { total: 90, free: 90, held: 0, sold: 0, blocked: 0, holders: 0, lapsing: 0 };
  const answer = { ...stock, heldUntilMs: null, perFan: null, pressure: 0, asOfMs: 0 };
  const parts = {
    line,
    core: { recordBatch: async () => ({ places: [] }) },
    stocks: { of: async () => answer },
    onUnrecorded: () => {},
  };
  await tick(parts, room.eventId);
  await tick({ ...parts, line: fixture.another() }, room.eventId);
  await line.putRoom({ ...room, paused: true, version: 2 });
  await line.join(room.eventId, placeOf(20));
  await line.leave(room.eventId, placeOf(20), 'left');
  const look = (await line.look(room.eventId, { shape: false }))!;
  expect(memoryOf(look.memory)).toMatchObject({ soldBefore: 0, slots: expect.any(Number) });
  expect(look.left).toBe(1);
  expect(memoryOf('{"second": 1}')).toBeUndefined();
});
