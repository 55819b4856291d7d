import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Problem } from '@onsale/shared/errors';
import {
  LOAD_TEST_ADDRESS_HEADER,
  LOAD_TEST_HEADER,
  type LoadTestToken,
} from '@onsale/shared/http/load-tests';
import { limits } from '@onsale/shared/limits';
import { signToken } from '@onsale/shared/tokens/hmac';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSale, SERVICE_TOKEN, type TestSale } from '../../../booking-core/test/sale.ts';
import { bearer, type Door, EVENT, hmacKey, openDoor } from '../door.ts';

const PER_MINUTE = 3;
const BLOCKS = ['10.64.0.0/10', 'fd12:3456::/32'];
let sale: TestSale;
let core: ReturnType<typeof createAdaptorServer>;
let door: Door;
beforeAll(async () => {
  sale = await openSale();
  core = createAdaptorServer({ fetch: sale.cores[0]!.internalApp.fetch });
  core.listen(0, '127.0.0.1');
  await once(core, 'listening');
});
afterAll(async () => {
  core?.close();
  await sale?.close();
  expect(sale.faults).toEqual([]);
});
beforeEach(async () => {
  const url = `http://127.0.0.1:${(core.address() as AddressInfo).port}`;
  // Nobody's X-Forwarded-For is believed: the token alone says who counts.
  door = await openDoor({ coreAt: { url, token: SERVICE_TOKEN }, perMinute: PER_MINUTE, proxies: [] });
  await door.setRoom({ paused: true });
});
afterEach(async () => {
  expect(door.faults).toEqual([]);
  await door.close();
});

async function ask(body: object) {
  const operator = { name: 'olga', role: 'manager' as const, expiresAtMs: Date.now() + 60_000 };
  const http = await door.call('/api/v1/operator/load-test-tokens', {
    method: 'POST',
    headers: {
      ...bearer(signToken(door.needs.ring, 'operator', operator)),
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  return { status: http.status, body: (await http.json()) as LoadTestToken & Problem };
}
const tokenOf = (addresses = BLOCKS, expiresAtMs = Date.now() + 60_000, ring = door.needs.ring): string =>
  signToken(ring, 'loadTest', { addresses, expiresAtMs });
const headersOf = (token: string, address: string): Record<string, string> => ({
  [LOAD_TEST_HEADER]: token,
  [LOAD_TEST_ADDRESS_HEADER]: address,
});
const join = async (headers: Record<string, string> = {}): Promise<string | number> => {
  const http = await door.call(`/api/v1/events/${EVENT}/line`, { method: 'POST', headers });
  return http.ok ? http.status : ((await http.json()) as Problem).code;
};
const counted = async (): Promise<number> => (await door.redis.keys(`*${door.space.prefix}*net*`)).length;
const times = async <T>(n: number, work: () => Promise<T>): Promise<T[]> => {
  const made: T[] = [];
  for (let at = 0; at < n; at += 1) made.push(await work());
  return made;
};

/** Every use of a token that is not good, and why. */
const bad = (): ReadonlyArray<[why: string, headers: Record<string, string>]> => {
  const token = tokenOf();
  const forged = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
  const operator = signToken(door.needs.ring, 'operator', {
    name: 'olga',
    role: 'manager',
    expiresAtMs: Date.now() + 60_000,
  });
  const ours = '10.64.0.1';
  return [
    ['forged', headersOf(forged, ours)],
    ['of another installation', headersOf(tokenOf(BLOCKS, undefined, keyringOf(hmacKey('k1'))), ours)],
    ['of another kind', headersOf(operator, ours)],
    ['nonsense', headersOf('x', ours)],
    ['too long', headersOf('x'.repeat(limits.tokenMaxChars + 1), ours)],
    ['expired', headersOf(tokenOf(BLOCKS, Date.now() - limits.clockSkewMs - 1), ours)],
    ['an address outside', headersOf(token, '10.0.0.1')],
    ['an IPv6 address outside', headersOf(token, 'fd12:3457::1')],
    ['a public address', headersOf(token, '203.0.113.9')],
    ['no address', headersOf(token, '10.64.0.1, 10.64.0.2')],
    ['a block', headersOf(token, '10.64.0.0/10')],
    ['an address alone', { [LOAD_TEST_ADDRESS_HEADER]: ours }],
    ['a token alone', { [LOAD_TEST_HEADER]: token }],
  ];
};

test('[API-40] a token is asked for, written down and good for its blocks until it ends', async () => {
  const { status, body } = await ask({ addresses: BLOCKS, ttlMs: 60_000 });
  expect(status).toBe(201);
  expect(body).toMatchObject({ addresses: BLOCKS, expiresAtMs: body.asOfMs + 60_000 });
  expect(await join(headersOf(body.loadTestToken, '10.127.255.254'))).toBe(201);
  expect(await join(headersOf(body.loadTestToken, 'FD12:3456:0:1::9'))).toBe(201);
  const { actor, became } = await sale.database.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'loadTestToken.created')
    .executeTakeFirstOrThrow();
  expect([actor, became]).toEqual(['olga', { addresses: BLOCKS, expiresAtMs: body.expiresAtMs }]);
  // The reader's clock may be behind.
  expect(await join(headersOf(tokenOf(BLOCKS, Date.now() - 1), '10.64.0.2'))).toBe(201);
});

test('[API-41] no token is given for addresses that a fan of the internet may have, nor for longer than a rehearsal takes', async () => {
  const inside = [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '172.31.255.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    'fd00::/8',
    '2001:2::/48',
    '10.1.2.3/32',
  ];
  for (const block of inside)
    expect((await ask({ addresses: [block], ttlMs: 1_000 })).status, block).toBe(201);
  const outside = [
    '0.0.0.0/0',
    '10.0.0.0/7',
    '8.0.0.0/6',
    '11.0.0.0/8',
    '172.32.0.0/16',
    '172.0.0.0/8',
    '198.51.100.0/24',
    '192.0.0.0/8',
    '127.0.0.0/8',
    'fc00::/7',
    'fe80::/10',
    '2001:db8::/32',
    '2001::/16',
    '::/0',
    '::ffff:10.0.0.0/104',
    '::ffff:10.0.0.0/16',
  ];
  for (const block of outside) {
    const { status, body } = await ask({ addresses: ['10.0.0.0/8', block], ttlMs: 1_000 });
    expect([status, body.code], block).toEqual([422, 'addressNotAllowed']);
  }
  for (const wrong of [
    { addresses: [], ttlMs: 1_000 },
    { addresses: ['10.0.0.1'], ttlMs: 1_000 },
    { addresses: ['10.0.0.0/33'], ttlMs: 1_000 },
    { addresses: ['fd00::/129'], ttlMs: 1_000 },
    { addresses: ['example.org'], ttlMs: 1_000 },
    { addresses: Array.from({ length: limits.loadTestBlocksMax + 1 }, () => '10.0.0.0/8'), ttlMs: 1_000 },
    { addresses: BLOCKS, ttlMs: limits.loadTestTokenTtlMaxMs + 1 },
    { addresses: BLOCKS },
  ]) {
    expect((await ask(wrong)).body.code, JSON.stringify(wrong)).toBe('malformed');
  }
});

test('[API-42] each address of the token has the bound of a network for itself, and the peer keeps his own; no proxy is trusted for it', async () => {
  const token = tokenOf();
  const from = (address: string) => () => join(headersOf(token, address));
  const bounded = [...Array.from({ length: PER_MINUTE }, () => 201), 'tooManyRequests'];
  expect(await times(PER_MINUTE + 1, from('10.64.0.1'))).toEqual(bounded);
  expect(await times(PER_MINUTE + 1, from('10.64.0.2'))).toEqual(bounded);
  expect(await times(PER_MINUTE, from('fd12:3456:0:1::1'))).toEqual(bounded.slice(0, -1));
  // The same line of one fan; as written elsewhere, the same address.
  expect(await from('fd12:3456:0:1::ffff')()).toBe('tooManyRequests');
  expect(await from('::ffff:10.64.0.2')()).toBe('tooManyRequests');
  expect(await times(PER_MINUTE + 1, () => join())).toEqual(bounded);
  expect(await from('10.64.0.3')()).toBe(201);
  const claim = await door.call(`/api/v1/events/${EVENT}/claim`, {
    method: 'POST',
    headers: { ...headersOf(token, '10.64.0.1'), 'content-type': 'application/json' },
    body: '{"pass":"x"}',
  });
  expect(claim.status).toBe(429);
});

test('[API-42] who really has an address that a load test names is counted apart from it', async () => {
  await times(PER_MINUTE, () => join(headersOf(tokenOf(['127.0.0.0/8']), '127.0.0.1')));
  expect(await times(PER_MINUTE, () => join())).toEqual(Array.from({ length: PER_MINUTE }, () => 201));
});

test('[API-43] a token that is forged, over, or not of that address is refused, and nothing is counted: neither address nor peer', async () => {
  for (const [why, headers] of bad()) expect(await join(headers), why).toBe('loadTestRefused');
  expect(await counted()).toBe(0);
  expect(await times(PER_MINUTE, () => join())).toEqual(Array.from({ length: PER_MINUTE }, () => 201));
  const { values } = await door.metrics.registry
    .getSingleMetric('onsale_gateway_load_test_requests_total')!
    .get();
  expect(values.find(({ labels }) => labels.outcome === 'refused')?.value).toBe(bad().length);
});

test('[API-43] a socket whose load test is not good is refused at its handshake; a good one is let in', async () => {
  const { placeToken } = await door.join();
  const connect = async (extraHeaders: Record<string, string>): Promise<string> => {
    const socket = io(door.url, {
      auth: { v: 1, placeToken },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders,
    });
    try {
      return await new Promise((resolve) => {
        socket.on('connect', () => resolve('connected'));
        socket.on('connect_error', (error: Error & { data?: { code: string } }) =>
          resolve(error.data?.code ?? error.message),
        );
      });
    } finally {
      socket.disconnect();
    }
  };
  expect(await connect(headersOf(tokenOf(), '10.64.0.9'))).toBe('connected');
  for (const [why, headers] of bad()) expect(await connect(headers), why).toBe('loadTestRefused');
});

test('[API-44] it gives no right: it opens no door, lifts no bound of a fan, and is no operator’s token', async () => {
  const token = tokenOf();
  await door.setRoom({ open: false });
  expect(await join(headersOf(token, '10.64.0.1'))).toBe('roomClosed');
  await door.setRoom({ paused: true });
  const { cookie } = await door.join();
  const addresses = Array.from({ length: limits.fanJoinsAtOnce + 5 }, (_, at) => `10.65.0.${at}`);
  const again = () => join({ cookie, ...headersOf(token, addresses.pop()!) });
  expect(new Set(await times(addresses.length, again))).toEqual(new Set([200, 'tooManyRequests']));
  for (const headers of [bearer(token), headersOf(token, '10.64.0.1')]) {
    expect((await door.call('/api/v1/operator/rooms', { headers })).status).toBe(401);
  }
});
