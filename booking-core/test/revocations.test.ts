import { verifyToken } from '@onsale/shared/tokens/hmac';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openSale, shopper, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterEach(() => expect(sale.faults).toEqual([]));
afterAll(() => sale.close());

type Shopper = ReturnType<typeof shopper>;

/** As an operator's route writes it: whatever else follows, follows from the row. */
async function revoke(event: string, { session }: Shopper): Promise<void> {
  const { place, turn } = verifyToken(sale.ring, 'session', session, 0);
  await sql`insert into revocations (event, place, turn, actor, why) values (${event}, ${place}, ${turn}, 'olga', 'a bot')
    on conflict do nothing`.execute(sale.database.db);
}

/** Live holds of the buyer, and tickets that are held at all. */
async function heldBy(event: string, { session }: Shopper): Promise<{ holds: number; tickets: number }> {
  const { buyer } = verifyToken(sale.ring, 'session', session, 0);
  const { rows } = await sql<{ holds: number; tickets: number }>`
    select (select count(*) from holds where event = ${event} and buyer = ${buyer} and expires_at > sale_clock())::int holds,
      (select count(*) from tickets where event = ${event} and free_at > sale_clock())::int tickets`.execute(
    sale.database.db,
  );
  return rows[0]!;
}

test('[ADM-33] a revoked turn gets no hold, alone, among others, or under the lock; its live holds go back on sale; others notice nothing', async () => {
  const event = await sale.putOnSale({ tiers: { a: 40 }, buyerLimit: 4 });
  const buyer = shopper(sale, event);
  const other = shopper(sale, event);
  const { body: hold } = await buyer.hold(2);
  await other.hold(1);
  expect(await heldBy(event, buyer)).toEqual({ holds: 1, tickets: 3 });

  await revoke(event, buyer);
  await revoke(event, buyer);
  expect(await heldBy(event, buyer)).toEqual({ holds: 0, tickets: 1 });
  expect((await buyer.order(hold.holdId)).body.code).toBe('sessionOver');

  expect(await buyer.hold(1)).toMatchObject({ status: 403, body: { code: 'sessionOver' } });
  const others = Array.from({ length: 6 }, (_, n) => shopper(sale, event, { core: n % 2 }));
  const answers = await Promise.all([buyer.hold(1), ...others.map((one) => one.hold(1)), buyer.hold(2)]);
  expect(answers.map(({ status }) => status)).toEqual([403, ...others.map(() => 201), 403]);
  expect(await heldBy(event, buyer)).toEqual({ holds: 0, tickets: 7 });
});

test('[ADM-33] a revocation is before or after each claim that runs beside it: none of its holds is left', async () => {
  const event = await sale.putOnSale({ tiers: { a: 300 }, buyerLimit: 20 });
  for (let round = 0; round < 10; round += 1) {
    const buyer = shopper(sale, event, { core: round % 2 });
    const crowd = Array.from({ length: 4 }, (_, n) => shopper(sale, event, { core: n % 2 }));
    const claims = [1, 2, 3, 4].map(() => buyer.hold(1));
    const rest = crowd.map((one) => one.hold(1));
    await Promise.all([...claims, ...rest, revoke(event, buyer)]);
    expect((await heldBy(event, buyer)).holds).toBe(0);
    for (const { status } of await Promise.all(rest)) expect(status).toBe(201);
    expect((await buyer.hold(1)).body.code).toBe('sessionOver');
  }
});

test('[ADM-33] and not by asking for the best there is either', async () => {
  const event = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  const buyer = shopper(sale, event);
  await revoke(event, buyer);
  const best = await buyer.send('POST', `/api/v1/events/${event}/holds`, {
    key: 'best',
    body: { best: { quantity: 2 } },
  });
  expect(best).toMatchObject({ status: 403, body: { code: 'sessionOver' } });
});

test('[ADM-32] an order keeps the device that made it, and its token says it', async () => {
  const event = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
  const buyer = shopper(sale, event);
  const { device } = verifyToken(sale.ring, 'session', buyer.session, 0);
  const { body: hold } = await buyer.hold(1);
  const { body: order } = await buyer.order(hold.holdId);
  expect(verifyToken(sale.ring, 'order', order.orderToken, 0)).toEqual({ order: order.orderId, device });
});
