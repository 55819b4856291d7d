import { afterAll, beforeAll, expect, test } from 'vitest';
import { onServer } from '../../bin/stack/database.ts';
import { type Sale, startSale } from '../sale.ts';
import { until } from '../until.ts';
import { type Door, doorOf, holdAt, type Shopper } from './shoppers.ts';

const EVENT = 'club-night';

let sale: Sale;
let door: Door;
beforeAll(async () => {
  sale = await startSale();
  door = doorOf(sale.gatewayUrl, EVENT);
});
afterAll(async () => {
  door?.close();
  await sale?.stop();
});

const hold = (shopper: Shopper, key: string): Promise<Response> =>
  holdAt(sale.gatewayUrl, EVENT, shopper, { key, quantity: 1 });

const accepts = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

test.each([
  ['gateway', 1],
  ['core', 2],
] as const)(
  '[RUN-9] SIGTERM ends the %s after the request in flight, which is answered',
  async (name, number) => {
    const shopper = await door.enter(number);
    await onServer(sale.databaseUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE tickets IN EXCLUSIVE MODE');
      const answer = hold(shopper, `drain-${name}`);
      await until(
        () =>
          client
            .query(
              `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
            )
            .then(({ rowCount }) => rowCount),
        { what: 'the request waiting for the tickets' },
      );

      const ended = sale.kill(name, 'SIGTERM');
      const address = name === 'gateway' ? sale.gatewayUrl : sale.coreUrl;
      await until(async () => !(await accepts(address)), { what: `the ${name} taking no new requests` });
      await client.query('COMMIT');

      expect((await answer).status).toBe(201);
      await ended;
      expect(sale.logs(name)).not.toContain('did not stop');
    });
    await sale.restart(name);
    expect((await hold(shopper, `drain-${name}`)).status).toBe(201);
  },
);

test.each(['admission', 'core-worker'] as const)('[RUN-9] SIGTERM ends the %s in time', async (name) => {
  await sale.kill(name, 'SIGTERM');
  expect(sale.logs(name)).not.toContain('did not stop');
});
