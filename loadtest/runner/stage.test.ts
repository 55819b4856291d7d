import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from '@onsale/shared/errors';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { expect, test } from 'vitest';
import { SetupFile } from '../k6/setup-file.ts';
import { type Desk, deskOf } from './desk.ts';
import { setStage } from './stage.ts';

const tiers = [{ tierId: 'ga', name: 'General admission', priceMinor: 1_000, quantity: 2 }];
const script = {
  name: 'A script!',
  path: '',
  setup: SetupFile.parse({ about: 'a script', event: { tiers, buyerLimit: 2 } }),
};

/** A desk that notes which events were begun and ended. */
function noting(changes: Partial<Desk>): { desk: Desk; begun: string[]; ended: string[] } {
  const begun: string[] = [];
  const ended: string[] = [];
  const room = { policy: { open: true }, serverTimeMs: Date.now() } as OperatorRoom;
  const desk: Desk = {
    loadTestToken: async () => 'token',
    begin: async ({ eventId }) => void begun.push(eventId),
    end: async (event) => void ended.push(event),
    room: async () => room,
    look: async () => room,
    free: async () => 2,
    ...changes,
  };
  return { desk, begun, ended };
}
const set = (desk: Desk, said: string[] = []) =>
  setStage(desk, script, { startedAt: new Date(), env: {}, say: (line) => said.push(line) });

test('[RUN-30] an event of its own for every run, under a name that is allowed, ended when it is taken down', async () => {
  const { desk, begun, ended } = noting({});
  const { event, takeDown } = await set(desk);
  expect(event).toMatch(/^rehearsal-[a-z0-9-]{1,53}$/);
  expect({ begun, ended }).toEqual({ begun: [event], ended: [] });
  await takeDown();
  expect(ended).toEqual([event]);
});

test('[RUN-32] an event without a ticket is no rehearsal, and is ended', async () => {
  const { desk, begun, ended } = noting({ free: async () => 0 });
  await expect(set(desk)).rejects.toThrow('no ticket to sell');
  expect(ended).toEqual(begun);
});

test('[RUN-30] what was refused to us may be on sale all the same: it is ended; what never was needs no end', async () => {
  const away = async (): Promise<never> => {
    throw new Refusal('unavailable');
  };
  const { desk, ended } = noting({ begin: away });
  await expect(set(desk)).rejects.toThrow('away');
  expect(ended).toHaveLength(1);

  const said: string[] = [];
  const unknown = async (): Promise<never> => {
    throw new Refusal('eventUnknown');
  };
  await expect(set(noting({ begin: away, end: unknown }).desk, said)).rejects.toThrow('away');
  expect(said).toEqual([]);
  await expect(set(noting({ begin: away, end: away }).desk, said)).rejects.toThrow('away');
  expect(said.join()).toContain('on sale until somebody does');
});

test('[RUN-30] a sale that is away for a moment is asked again to end its rehearsal', async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    const [status, type, body] =
      asked === 1
        ? [503, 'application/problem+json', new Refusal('unavailable').toProblem()]
        : [200, 'application/json', { eventId: 'rehearsal-x', endedAtMs: 1 }];
    response.writeHead(status as number, { 'content-type': type as string }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await deskOf({ url: `http://127.0.0.1:${port}`, operatorToken: 'x' }).end('rehearsal-x');
    expect(asked).toBe(2);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
