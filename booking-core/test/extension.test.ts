import { randomUUID } from 'node:crypto';
import type { Hold } from '@onsale/shared/http/holds';
import { limits } from '@onsale/shared/limits';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../../test/depth.ts';
import { openTransaction } from './blocked.ts';
import { brokenPromises } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

const TTL_MS = 60_000;
const MORE_MS = TTL_MS / 2;

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());
const event = (holdTtlMs = TTL_MS, a = 6) => sale.putOnSale({ tiers: { a }, buyerLimit: 4, holdTtlMs });

test('[BOOK-15] one extension, half of the time and five minutes at most; its key replays, another is refused', async () => {
  const fan = shopper(sale, await event());
  const { body: hold } = await fan.hold(2);
  const answers = await Promise.all(['k1', 'k2', 'k1', 'k2'].map((key) => fan.extend(hold.holdId, key)));
  const extended = answers.filter(({ status }) => status === 200);
  expect(extended).toHaveLength(2);
  for (const { body } of extended) {
    expect(body).toMatchObject({
      state: 'held',
      expiresAtMs: hold.expiresAtMs + MORE_MS,
      tickets: hold.tickets,
    });
  }
  for (const { status, body } of answers.filter((one) => !extended.includes(one))) {
    expect([status, body.code]).toEqual([409, 'extensionSpent']);
  }
  expect(await brokenPromises(sale.database)).toEqual({});
  // Past the old end and before the new one nobody else gets them.
  await sale.moveClock(TTL_MS + 1);
  expect((await shopper(sale, hold.eventId).hold(4)).status).toBe(201);
  expect((await shopper(sale, hold.eventId).hold(1)).body).toMatchObject({ code: 'notEnough', free: 0 });

  const long = shopper(sale, await event(limits.holdTtlMaxMs));
  const { body: longHold } = await long.hold(1);
  const { body: longer } = await long.extend(longHold.holdId);
  expect(longer.expiresAtMs - longHold.expiresAtMs).toBe(limits.holdExtensionMaxMs);
});

test('[BOOK-15] what is over, sold, or of another is not extended, and a key is of one hold', async () => {
  const here = await event();
  const fan = shopper(sale, here);
  const { body: released } = await fan.hold(1);
  await fan.release(released.holdId);
  expect((await fan.extend(released.holdId)).body.code).toBe('holdExpired');
  const { body: paid } = await fan.hold(1);
  const { body: order } = await fan.order(paid.holdId);
  await fan.pay(order);
  expect((await fan.extend(paid.holdId)).body.code).toBe('orderClosed');
  const { body: hold } = await fan.hold(1);
  expect((await shopper(sale, here).extend(hold.holdId)).body.code).toBe('holdUnknown');
  expect((await fan.extend(hold.holdId, 'once')).status).toBe(200);
  const { body: another } = await fan.hold(1);
  expect((await fan.extend(another.holdId, 'once')).body.code).toBe('idempotencyMismatch');
  expect((await fan.extend(another.holdId, 'other')).body.code).toBe('extensionSpent');
  await sale.moveClock(TTL_MS + MORE_MS + 1);
  const { body: over } = await fan.extend(hold.holdId, 'once');
  expect(over.state, 'a replay says what is').toBe('expired');
  expect((await fan.extend(another.holdId)).body.code).toBe('holdExpired');
  expect(await brokenPromises(sale.database)).toEqual({});
});

test('[BOOK-15] [BOOK-3] a hold that runs out while its extension waits for the lock is not extended', async () => {
  const here = await event();
  const fan = shopper(sale, here);
  const { body: hold } = await fan.hold(1);
  const other = await openTransaction(sale.url);
  await other.query('select lock_event($1)', [here]);
  const asked = fan.extend(hold.holdId);
  await other.metBy(asked);
  await sale.moveClock(TTL_MS + 1);
  await other.commit();
  expect((await asked).body.code).toBe('holdExpired');
  expect((await fan.look(hold.holdId)).body.state).toBe('expired');
});

type Step =
  | { do: 'hold'; quantity: number; key: number }
  | { do: 'release'; pick: number }
  | { do: 'extend'; pick: number; key: number }
  | { do: 'wait'; ms: number };
const pick = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('hold' as const),
    quantity: fc.integer({ min: 1, max: 3 }),
    key: fc.nat({ max: 3 }),
  }),
  fc.record({ do: fc.constant('release' as const), pick }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('extend' as const), pick, key: fc.nat({ max: 3 }) }) },
  fc.record({
    do: fc.constant('wait' as const),
    ms: fc.constantFrom(1_000, MORE_MS, TTL_MS - 2_000, TTL_MS + 1),
  }),
);

test(
  '[BOOK-15] however one buyer holds, releases, extends and asks again, the countdown is reset by nothing',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        const here = await event();
        const fan = shopper(sale, here, { buyer: randomUUID(), core: 0 });
        /** What the buyer saw of each hold: the first end, the latest, and whether it was over. */
        const holds = new Map<string, { firstEndMs: number; endMs: number; over: boolean }>();
        const extended = new Set<string>();
        const seen = (hold: Hold): void => {
          const before = holds.get(hold.holdId);
          if (before === undefined) {
            expect(hold.expiresAtMs).toBeLessThanOrEqual(hold.serverTimeMs + TTL_MS);
            holds.set(hold.holdId, { firstEndMs: hold.expiresAtMs, endMs: hold.expiresAtMs, over: false });
            return;
          }
          if (before.over) expect(hold.state, 'what is over stays over').not.toBe('held');
          expect(hold.expiresAtMs, 'the absolute end').toBeLessThanOrEqual(before.firstEndMs + MORE_MS);
          if (hold.expiresAtMs > before.endMs) extended.add(hold.holdId);
          holds.set(hold.holdId, { ...before, endMs: hold.expiresAtMs, over: hold.state !== 'held' });
        };
        const picked = (at: number): string | undefined => [...holds.keys()][at % Math.max(1, holds.size)];
        for (const it of steps) {
          if (it.do === 'wait') {
            await sale.moveClock(it.ms);
          } else if (it.do === 'hold') {
            const { body, status } = await fan.hold(it.quantity, { key: `h${it.key}` });
            if (status === 201) seen(body);
          } else {
            const holdId = picked(it.pick);
            if (holdId === undefined) continue;
            if (it.do === 'release') await fan.release(holdId);
            else {
              const { body, status } = await fan.extend(holdId, `x${it.key}`);
              if (status === 200) seen(body);
              else expect(['holdExpired', 'extensionSpent', 'idempotencyMismatch']).toContain(body.code);
            }
          }
          for (const holdId of holds.keys()) seen((await fan.look(holdId)).body);
          expect(extended.size, 'one extension a turn').toBeLessThanOrEqual(1);
          expect(await brokenPromises(sale.database)).toEqual({});
        }
        await sale.moveClock(TTL_MS + MORE_MS);
        expect((await shopper(sale, here).hold(4)).status).toBe(201);
        expect((await shopper(sale, here).hold(2)).status).toBe(201);
      }),
      { numRuns: runs(25, 250), seed: 20_270_718, endOnFailure: true },
    );
    expect(sale.faults).toEqual([]);
  },
  runs(120_000, 1_200_000),
);
