import type { Joined, PlaceStatus } from '@onsale/shared/http/line';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { expect, test } from 'vitest';
import { startSale } from '../sale.ts';
import { until } from '../until.ts';

const EVENT = 'club-night';

test('[LINE-38] the core is stopped: fans join, wait and are told, nobody is let in; then everyone goes on', {
  timeout: 90_000,
}, async () => {
  const sale = await startSale();
  try {
    const call = (path: string, init: RequestInit = {}) => fetch(sale.gatewayUrl + path, init);
    const line = `/api/v1/events/${EVENT}/line`;
    const join = async (): Promise<Joined> => (await (await call(line, { method: 'POST' })).json()) as Joined;
    const status = async (token: string): Promise<PlaceStatus> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await (await call(`${line}/me`, { headers })).json()) as PlaceStatus;
    };
    const first = await join();
    await until(async () => (await status(first.placeToken)).state === 'offered', { what: 'a first offer' });

    await sale.kill('core', 'SIGKILL');
    const [second, third] = [await join(), await join()];
    expect(second.status).toMatchObject({ state: 'waiting', place: 1 });
    // A tick may have taken the one before him into the batch that nobody records: then he is the next of the line.
    expect(third.status).toMatchObject({ state: 'waiting', place: expect.toBeOneOf([1, 2]) });
    const headers = { authorization: `Bearer ${sale.operatorToken}` };
    expect((await call('/')).status).toBe(200);
    expect((await call(`/api/v1/events/${EVENT}/room`)).status).toBe(200);
    const waits = await until(
      async () => {
        const told = await status(third.placeToken);
        return told.state === 'waiting' && told.asOfMs > third.status.serverTimeMs + 1_000 && told;
      },
      { what: 'ticks that go on' },
    );
    expect(waits.place).toBeLessThanOrEqual(third.status.state === 'waiting' ? third.status.place! : 0);

    await sale.restart('core');
    for (const { placeToken } of [second, third]) {
      await until(async () => (await status(placeToken)).state === 'offered', {
        what: 'his offer',
      });
    }
    const room = (await (await call(`/api/v1/operator/rooms/${EVENT}`, { headers })).json()) as OperatorRoom;
    expect(room.live).toMatchObject({ offers: 3, waiting: 0 });
  } finally {
    await sale.stop();
  }
});
