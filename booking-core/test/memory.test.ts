import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokenPromises } from './promises.ts';
import { openSale, shopper, type TestSale } from './sale.ts';

/** What a core keeps in memory is a hint: candidates, counts, names and rules. Postgres decides. */
let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());

test('[BOOK-34] a core whose memory is wrong in everything sells nothing twice, refuses nobody wrongly, and keeps to the limit', async () => {
  const event = await sale.putOnSale({ tiers: { a: 200 }, buyerLimit: 4 });
  const fan = (core: number) => shopper(sale, event, { core });
  // Core 0 learns which tickets are free, and that four are allowed; then all of it changes behind its back.
  expect((await fan(0).hold(1)).status).toBe(201);
  await sql`update events set buyer_limit = 2 where id = ${event}`.execute(sale.database.db);
  expect((await fan(0).hold(3)).body).toMatchObject({ code: 'buyerLimit', buyerMayTake: 2 });
  const taken = await Promise.all(Array.from({ length: 98 }, () => fan(1).hold(2)));
  expect(taken.every(({ status }) => status === 201)).toBe(true);

  // Three are left, and not those that core 0 believes in.
  const scramble = await Promise.all(Array.from({ length: 8 }, () => fan(0).hold(2)));
  expect(scramble.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const { body } of scramble.filter(({ status }) => status !== 201)) {
    expect(body.code).toBe('notEnough');
    expect(body.free).toBeLessThan(2);
  }
  expect((await fan(0).hold(1)).status).toBe(201);
  // Core 1 gives what it has back; core 0 has just read that nothing is free.
  expect((await fan(0).hold(1)).body.code).toBe('notEnough');
  await sql`select release_hold(id, event, buyer) from holds where event = ${event} and quantity = 2
    order by id limit 10`.execute(sale.database.db);
  expect(
    (await Promise.all(Array.from({ length: 10 }, () => fan(0).hold(2)))).map(({ status }) => status),
  ).toEqual(Array(10).fill(201));
  expect(await brokenPromises(sale.database)).toEqual({});
  expect(sale.faults).toEqual([]);
});

test('[BOOK-35] of those who ask one core at once, the first get the tickets', async () => {
  const event = await sale.putOnSale({ tiers: { a: 40 }, buyerLimit: 1 });
  const answers = await Promise.all(Array.from({ length: 160 }, () => shopper(sale, event).hold(1)));
  expect(answers.map(({ status }) => (status === 201 ? 'held' : 'refused'))).toEqual([
    ...Array(40).fill('held'),
    ...Array(120).fill('refused'),
  ]);
});
