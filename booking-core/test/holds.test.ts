import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTransaction } from './blocked.ts';
import { brokenPromises } from './promises.ts';
import { type Answer, openSale, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

const codesOf = (answers: ReadonlyArray<Answer<object>>): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const { status, body } of answers) {
    const outcome = body.code ?? String(status);
    counted[outcome] = (counted[outcome] ?? 0) + 1;
  }
  return counted;
};

const stockOf = async (event: string): Promise<{ free: number; held: number; sold: number }> => {
  const { rows } = await sql<{ free: number; held: number; sold: number }>`
    with clock as materialized (select sale_clock() at)
    select (count(*) filter (where free_at <= at))::int free, (count(*) filter (where free_at = 'infinity'))::int sold,
      (count(*) filter (where free_at > at and free_at < 'infinity'))::int held
    from tickets, clock where event = ${event}`.execute(sale.database.db);
  return rows[0]!;
};

describe('holds', () => {
  test('[BOOK-5] [BOOK-8] one buyer asking 300 times at once in two processes never gets more than the limit', async () => {
    const event = await sale.putOnSale({ tiers: { a: 1_000 }, buyerLimit: 6 });
    const buyer = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, n) => shopper(sale, event, { buyer, core: n % 2 }).hold((n % 3) + 1)),
    );
    const held = answers.filter(({ status }) => status === 201);
    const quantity = held.reduce((sum, { body }) => sum + body.tickets.length, 0);
    expect(quantity).toBeGreaterThanOrEqual(4);
    expect(quantity).toBeLessThanOrEqual(6);
    expect(await stockOf(event)).toEqual({ free: 1_000 - quantity, held: quantity, sold: 0 });
    for (const { body } of answers.filter(({ status }) => status !== 201)) {
      expect(body).toMatchObject({
        code: 'buyerLimit',
        buyerMayTake: expect.any(Number),
        free: expect.any(Number),
      });
    }
    expect(await brokenPromises(sale.database)).toEqual({});
  });

  test('[BOOK-4] [BOOK-8] [BOOK-9] more buyers than tickets in two processes take exactly all of them', async () => {
    const event = await sale.putOnSale({ tiers: { a: 500 }, buyerLimit: 4 });
    const answers = await Promise.all(
      Array.from({ length: 900 }, (_, n) => shopper(sale, event, { core: n % 2 }).hold((n % 4) + 1)),
    );
    expect(await brokenPromises(sale.database)).toEqual({});
    const { free, held, sold } = await stockOf(event);
    expect(free + held + sold).toBe(500);
    // Whoever was refused asked for more than was left; and somebody still takes what is left.
    for (const { body } of answers.filter(({ status }) => status !== 201)) {
      expect(body.code).toBe('notEnough');
    }
    const smallestRefused = Math.min(
      ...answers.flatMap(({ status }, n) => (status === 201 ? [] : [(n % 4) + 1])),
    );
    expect(free).toBeLessThan(smallestRefused);
    for (let left = free; left > 0; left--) {
      expect((await shopper(sale, event, { core: left % 2 }).hold(1)).status).toBe(201);
    }
    const refused = await shopper(sale, event).hold(1);
    expect(refused.body).toMatchObject({ code: 'notEnough', free: 0, held: 500, buyerMayTake: 4 });
    expect(await stockOf(event)).toEqual({ free: 0, held: 500, sold: 0 });
  });

  test('[BOOK-4] tickets that come free while nobody looks are found before anyone is refused', async () => {
    const event = await sale.putOnSale({ tiers: { a: 40 }, buyerLimit: 4, holdTtlMs: 60_000 });
    const first = await Promise.all(Array.from({ length: 10 }, () => shopper(sale, event).hold(4)));
    expect(codesOf(first)).toEqual({ 201: 10 });
    expect((await shopper(sale, event, { core: 1 }).hold(1)).body).toMatchObject({
      code: 'notEnough',
      held: 40,
    });
    await sale.moveClock(60_001);
    const then = await Promise.all(
      Array.from({ length: 20 }, (_, n) => shopper(sale, event, { core: n % 2 }).hold(2)),
    );
    expect(codesOf(then)).toEqual({ 201: 20 });
    expect(await brokenPromises(sale.database)).toEqual({});
  });

  test('[BOOK-3] a hold runs out by the clock of the database, with nothing running for it', async () => {
    const event = await sale.putOnSale({ tiers: { a: 2 }, buyerLimit: 2, holdTtlMs: 30_000 });
    const [ann, ben] = [shopper(sale, event), shopper(sale, event)];
    const { body: hold } = await ann.hold(2, { key: 'one' });
    expect(hold.expiresAtMs - hold.serverTimeMs).toBe(30_000);
    await sale.moveClock(20_000);
    expect((await ben.hold(1)).body.code).toBe('notEnough');
    expect((await ann.look(hold.holdId)).body.state).toBe('held');

    await sale.moveClock(10_001);
    expect((await ann.look(hold.holdId)).body.state).toBe('expired');
    expect((await ben.hold(2)).status).toBe(201);
    // The key still names the hold that ran out, and says so; the limit has room again.
    const replay = await ann.hold(2, { key: 'one' });
    expect([replay.status, replay.body.state, replay.body.holdId]).toEqual([201, 'expired', hold.holdId]);
    expect((await ann.order(hold.holdId)).body.code).toBe('holdExpired');
    expect((await ann.release(hold.holdId)).status).toBe(204);
    expect(await stockOf(event)).toEqual({ free: 0, held: 2, sold: 0 });
  });

  test('[BOOK-6] a refusal says what is free, what may come back, and what this buyer may still take', async () => {
    const event = await sale.putOnSale({ tiers: { a: 5, b: 3 }, buyerLimit: 4 });
    const [ann, ben] = [shopper(sale, event), shopper(sale, event)];
    expect((await ann.hold(3)).status).toBe(201);
    const overLimit = await ann.hold(2);
    expect([overLimit.status, overLimit.body.code, overLimit.body.buyerMayTake]).toEqual([
      409,
      'buyerLimit',
      1,
    ]);
    expect((await ben.hold(3)).body).toMatchObject({ code: 'notEnough', free: 2, held: 3, buyerMayTake: 4 });

    const cy = shopper(sale, event);
    const { body: hold } = await cy.hold(3, { tier: 'b' });
    const { body: order } = await cy.order(hold.holdId);
    expect((await cy.pay(order)).body.state).toBe('paid');
    expect((await ben.hold(1, { tier: 'b' })).body).toMatchObject({ code: 'soldOut', free: 0, held: 0 });
    expect((await ben.hold(1)).status).toBe(201);
  });

  test('[BOOK-7] one key is one hold, however often and wherever it is sent; another request under it changes nothing', async () => {
    const event = await sale.putOnSale({ tiers: { a: 50, b: 50 }, buyerLimit: 6 });
    const buyer = randomUUID();
    const both = [shopper(sale, event, { buyer }), shopper(sale, event, { buyer, core: 1 })] as const;
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => both[n % 2]!.hold(2, { key: 'same' })),
    );
    expect(codesOf(answers)).toEqual({ 201: 40 });
    expect(new Set(answers.map(({ body }) => JSON.stringify([body.holdId, body.tickets]))).size).toBe(1);

    for (const changed of [both[0].hold(3, { key: 'same' }), both[1].hold(2, { key: 'same', tier: 'b' })]) {
      expect((await changed).body).toMatchObject({ status: 422, code: 'idempotencyMismatch' });
    }
    expect(await stockOf(event)).toEqual({ free: 98, held: 2, sold: 0 });
    // The key is the buyer's own: of another buyer it names another hold.
    const other = await shopper(sale, event).hold(2, { key: 'same' });
    expect(other.body.holdId).not.toBe(answers[0]!.body.holdId);
  });

  test('[BOOK-7] a hold is found again when everything is gone since', async () => {
    const event = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 3 });
    const ann = shopper(sale, event);
    const { body: hold } = await ann.hold(3, { key: 'mine' });
    expect((await shopper(sale, event).hold(1)).body.code).toBe('notEnough');
    expect(
      (await shopper(sale, event, { buyer: ann.buyer, core: 1 }).hold(3, { key: 'mine' })).body,
    ).toMatchObject({
      holdId: hold.holdId,
      state: 'held',
    });
  });

  test('[BOOK-10] releasing gives all tickets back at once; again changes nothing; another buyer cannot', async () => {
    const event = await sale.putOnSale({ tiers: { a: 4 }, buyerLimit: 4 });
    const [ann, ben] = [shopper(sale, event), shopper(sale, event, { core: 1 })];
    const { body: hold } = await ann.hold(4, { key: 'mine' });
    expect((await ben.release(hold.holdId)).body.code).toBe('holdUnknown');
    expect((await ben.look(hold.holdId)).body.code).toBe('holdUnknown');

    const released = await Promise.all([ann.release(hold.holdId), ann.release(hold.holdId)]);
    expect(released.map(({ status }) => status)).toEqual([204, 204]);
    const { body: bens } = await ben.hold(4);
    expect(bens.state).toBe('held');
    expect((await ann.release(hold.holdId)).status).toBe(204);
    expect((await ann.look(hold.holdId)).body.state).toBe('released');
    expect((await ann.hold(4, { key: 'mine' })).body.state).toBe('released');
    expect((await ben.look(bens.holdId)).body.state).toBe('held');

    const { body: order } = await ben.order(bens.holdId);
    expect((await ben.pay(order)).body.state).toBe('paid');
    expect((await ben.release(bens.holdId)).body).toMatchObject({ status: 409, code: 'orderClosed' });
    expect(await stockOf(event)).toEqual({ free: 0, held: 0, sold: 4 });
    expect(await brokenPromises(sale.database)).toEqual({});
  });

  test('[BOOK-2] a writer that ignores the lock cannot split a hold', async () => {
    const event = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 3 });
    const thief = await openTransaction(sale.url);
    await thief.query(
      `update tickets set free_at = 'infinity', hold = gen_random_uuid()
        where id = (select min(id) from tickets where event = $1)`,
      [event],
    );
    // The claim sees all three free, waits for the thief's row, and must not keep the other two.
    const asked = shopper(sale, event).hold(3);
    await thief.metBy(asked);
    await thief.commit();
    expect((await asked).body).toMatchObject({ code: 'notEnough', free: 2, held: 0 });
    expect((await shopper(sale, event).hold(2)).status).toBe(201);
    expect(sale.faults).toEqual([]);
  });
});
