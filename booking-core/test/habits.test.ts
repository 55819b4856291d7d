import { limits } from '@onsale/shared/limits';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openHabits } from '../src/rooms/habits.ts';
import { openSale, SERVICE_TOKEN, type Shopper, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale();
  event = await sale.putOnSale({ tiers: { a: 200 }, buyerLimit: 4 });
});
afterAll(() => sale.close());

const internal = async (method: string, path: string, body?: object) => {
  const response = await sale.cores[0]!.internalApp.request(path, {
    method,
    headers: {
      authorization: `Bearer ${SERVICE_TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
};

const letIn = (batch: number, fans: readonly Shopper[], nowMs: number) =>
  internal('POST', `/internal/rooms/${event}/batches`, {
    batch,
    epoch: 1,
    takenAtMs: nowMs,
    reason: 'rate',
    places: fans.map(({ session }, order) => ({
      place: verifyToken(sale.ring, 'session', session, nowMs).place,
      turn: 1,
      order: batch * 1_000 + order,
      lane: 'general',
    })),
  });

async function buys(fan: Shopper, quantity: number): Promise<void> {
  const { body: hold } = await fan.hold(quantity);
  const { body: order } = await fan.order(hold.holdId);
  expect((await fan.pay(order)).body).toMatchObject({ state: 'paid' });
}

test('[LINE-44] what a fan buys counts once his turn and those of all let in with him are over, no-shows as nothing', async () => {
  const nowMs = Date.now();
  const fans = Array.from({ length: limits.perFanMin + 10 }, () => shopper(sale, event));
  await letIn(1, fans, nowMs);
  for (const fan of fans.slice(0, 10)) await buys(fan, 2);
  const [first, second] = [await fans[10]!.hold(1), await fans[11]!.hold(3)];

  const path = `/internal/events/${event}/stock`;
  await vi.waitFor(
    async () =>
      expect(await internal('GET', path)).toMatchObject({
        sold: 20,
        held: 4,
        holders: 2,
        heldUntilMs: Math.max(first.body.expiresAtMs, second.body.expiresAtMs),
        // Those who have bought are over; those let in with them are not yet.
        perFan: null,
      }),
    5_000,
  );

  const room = (await internal('GET', `/internal/rooms/${event}`)) as Record<string, number>;
  const overMs = room.claimWindowMs! + room.sessionTtlMs!;
  await sale.moveClock(overMs + 60_000);
  const told = { mean: 20 / fans.length, fans: fans.length };
  await vi.waitFor(
    async () =>
      expect(await internal('GET', path)).toMatchObject({
        held: 0,
        holders: 0,
        heldUntilMs: null,
        perFan: told,
      }),
    5_000,
  );

  // However often it is read, by a process that begins just now or by one that has counted before.
  const habits = openHabits(sale.database.db);
  expect((await habits(event)).perFan).toMatchObject(told);
  await vi.waitFor(
    async () => expect((await internal('GET', path)).perFan).toMatchObject(told),
    limits.habitsEveryMs * 2,
  );
});
