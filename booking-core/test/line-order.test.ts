import { commitmentOf } from '@onsale/shared/draw';
import type { Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { internalOf } from './internal.ts';
import { openSale, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());
const internal = internalOf(() => sale);

/** A room that was never open. */
async function freshRoom(): Promise<string> {
  const event = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  await sql`update rooms set open = false, joinable_since = null where event = ${event}`.execute(
    sale.database.db,
  );
  return event;
}
const patch = (event: string, change: object, core = 0) =>
  internal<Room>('PATCH', `/internal/rooms/${event}`, { core, body: { actor: 'olga', patch: change } });
const newSeed = (event: string, core = 0) =>
  internal<Room>('POST', `/internal/rooms/${event}/seed`, { core, body: { actor: 'olga' } });
const nowMs = async (): Promise<number> => {
  const { rows } = await sql<{ now: number }>`select epoch_ms(sale_clock()) now`.execute(sale.database.db);
  return rows[0]!.now;
};

test('[LINE-21] until the doors were once not shut, order, identity and seed may be set; from then on never again, also behind closed doors', async () => {
  const event = await freshRoom();
  const opensAtMs = (await nowMs()) + 3_600_000;
  const { body: first } = await patch(event, { orderMode: 'draw', opensAtMs, identity: 'invitation' });
  expect(first).toMatchObject({
    orderMode: 'draw',
    identity: 'invitation',
    commitment: commitmentOf(first.seed),
  });
  const { body: second } = await newSeed(event);
  expect(second.seed).not.toBe(first.seed);
  expect(second).toMatchObject({ commitment: commitmentOf(second.seed), version: first.version + 1 });
  await patch(event, { identity: 'session' });

  await patch(event, { open: true });
  await patch(event, { open: false });
  for (const change of [{ orderMode: 'arrival' }, { identity: 'invitation' }]) {
    expect(await patch(event, change)).toMatchObject({ status: 409, body: { code: 'orderSettled' } });
  }
  expect(await newSeed(event)).toMatchObject({ status: 409, body: { code: 'orderSettled' } });
  expect((await internal<Room>('GET', `/internal/rooms/${event}`)).body).toMatchObject({
    seed: second.seed,
    orderMode: 'draw',
    identity: 'session',
  });
  const entries = await sale.database.db
    .selectFrom('audit')
    .select(['was', 'became'])
    .where('subject', '=', event)
    .orderBy('id')
    .execute();
  expect(entries[1]).toEqual({
    was: { commitment: first.commitment },
    became: { commitment: second.commitment },
  });
  expect(JSON.stringify(entries)).not.toContain(second.seed);
});

test('[LINE-21] the doors of a draw open once: their moment may be moved while it is still to come, and never when it is close or past', async () => {
  const event = await freshRoom();
  const inAnHour = (await nowMs()) + 3_600_000;
  await patch(event, { orderMode: 'draw', opensAtMs: inAnHour, open: true });
  expect(await patch(event, { opensAtMs: null })).toMatchObject({ body: { code: 'orderSettled' } });
  expect(await patch(event, { opensAtMs: inAnHour + 60_000 })).toMatchObject({ status: 200 });
  const soon = (await nowMs()) + limits.clockSkewMs - 500;
  expect(await patch(event, { opensAtMs: soon })).toMatchObject({ status: 200 });
  for (const opensAtMs of [inAnHour, null, soon - 1]) {
    expect(await patch(event, { opensAtMs })).toMatchObject({ status: 409, body: { code: 'orderSettled' } });
  }
  // Saying again what is so already is no change; and everything else may be changed as ever.
  expect(await patch(event, { opensAtMs: soon, orderMode: 'draw', capacity: 5 })).toMatchObject({
    status: 200,
  });

  const arrivals = await freshRoom();
  await patch(arrivals, { open: true, opensAtMs: (await nowMs()) - 60_000 });
  expect(await patch(arrivals, { opensAtMs: inAnHour })).toMatchObject({ status: 200 });
});

test('[LINE-21] of a change of the order and the opening of the doors at once, one sees the other', async () => {
  for (let round = 0; round < 5; round += 1) {
    const event = await freshRoom();
    const [opened, seeded] = await Promise.all([patch(event, { open: true }), newSeed(event, 1)]);
    expect(opened.status).toBe(200);
    const { body: now } = await internal<Room>('GET', `/internal/rooms/${event}`);
    // Either the seed came first, or it never came.
    if (seeded.status === 200) expect(seeded.body).toMatchObject({ version: 2, seed: now.seed });
    else expect(now.version).toBe(2);
  }
});

test('[LINE-21] a sale that would end before it begins is refused, and so is a share that leaves the general lane none', async () => {
  const event = await freshRoom();
  const at = await nowMs();
  await patch(event, { endsAtMs: at + 60_000 });
  for (const change of [{ opensAtMs: at + 60_000 }, { opensAtMs: at + 90_000 }, { priorityPercent: 99 }]) {
    expect(await patch(event, change), JSON.stringify(change)).toMatchObject({
      status: 400,
      body: { code: 'malformed' },
    });
  }
  expect(await patch(event, { opensAtMs: at + 90_000, endsAtMs: at + 90_001 })).toMatchObject({
    status: 200,
  });
});
