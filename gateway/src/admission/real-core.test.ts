import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sale, startSale } from '../../../test/sale.ts';
import { until } from '../../../test/until.ts';
import { coreClient } from '../core-client.ts';
import { Line } from '../line/line.ts';
import { joinAll, placeOf, upTo } from '../line/test/fixture.ts';

let sale: Sale;
let redis: Redis;
let line: Line;
let database: pg.Client;
let eventId: string;

beforeAll(async () => {
  sale = await startSale({ processes: { gateway: 0, 'core-worker': 0, admission: 2 }, supervised: true });
  redis = new Redis(sale.redisUrl);
  line = new Line(redis, sale.redisPrefix);
  database = new pg.Client({ connectionString: sale.databaseUrl });
  await database.connect();
  const core = coreClient(sale.env.CORE_INTERNAL_URL!, sale.serviceToken);
  // The event with the most tickets: what is free is not what bounds admission here.
  const rooms = await core.rooms();
  const totals = await Promise.all(rooms.map(async (room) => (await core.stock(room.eventId)).total));
  eventId = rooms[totals.indexOf(Math.max(...totals))]!.eventId;
  await core.patchRoom(
    eventId,
    { actor: 'test' },
    { open: true, paused: false, ratePerMinute: 6_000, capacity: 10_000 },
  );
});
afterAll(async () => {
  await database?.end();
  redis?.disconnect();
  await sale?.stop();
});

test('[ADM-3] [ADM-4] [ADM-5] with the real core, workers and the core killed on the way: the record has everyone once, in order', async () => {
  await until(async () => (await line.room(eventId))?.capacity === 10_000, {
    what: 'the policy is in force',
  });
  const fans = upTo(500);
  const orders = await joinAll(line, eventId, fans);
  const offered = async (): Promise<number> =>
    (await line.standings(eventId, fans.map(placeOf))).filter((standing) => standing?.stage === 'offered')
      .length;

  await until(async () => (await offered()) > 100, { what: 'the first are offered' });
  await sale.kill('admission', 'SIGKILL');
  await until(async () => (await offered()) > 200, { what: 'the other worker goes on' });
  await sale.kill('core', 'SIGKILL');
  await until(async () => (await offered()) > 300, { what: 'the core is back' });
  await sale.kill('admission-2', 'SIGKILL');
  await until(async () => (await offered()) === fans.length, {
    what: 'everyone is offered',
  });

  const { rows } = await database.query<{ place: string; turn: number; order_number: string }>(
    'SELECT place, turn, order_number FROM admissions WHERE event = $1 ORDER BY batch_id, order_number',
    [eventId],
  );
  expect(rows.map(({ order_number }) => Number(order_number))).toEqual(orders);
  expect(rows.every(({ turn }) => turn === 1)).toBe(true);
});
