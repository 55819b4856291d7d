import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { systemClock } from '@onsale/shared/clock';
import { commitmentOf } from '@onsale/shared/draw';
import type { Room, RoomPolicy, Stock } from '@onsale/shared/http/internal';
import type { Joined, PlaceStatus } from '@onsale/shared/http/line';
import { type ServerMessage, SOCKET_EVENT } from '@onsale/shared/socket';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { passKeysOf } from '@onsale/shared/tokens/pass';
import { Redis } from 'ioredis';
import { io, type Socket } from 'socket.io-client';
import { freshRedis } from '../../test/redis.ts';
import { type TickParts, tick } from '../src/admission/tick.ts';
import { coreClient } from '../src/core-client.ts';
import { openFrontDoor } from '../src/front-door.ts';
import { networkLimit } from '../src/http/limit.ts';
import { fanLimit } from '../src/http/limit-fan.ts';
import { loadTestAddress } from '../src/http/load-test.ts';
import type { Needs } from '../src/http/needs.ts';
import { proxiesOf } from '../src/http/network.ts';
import { OpenDoor } from '../src/http/open-door.ts';
import { Calibration } from '../src/http/view/calibration.ts';
import { Rooms } from '../src/http/view/rooms.ts';
import { ToldPlaces } from '../src/http/view/told-places.ts';
import { Line } from '../src/line/line.ts';
import { gatewayMetrics } from '../src/metrics.ts';
import { publicApp } from '../src/public-app.ts';

export const EVENT = 'club-night';

export const openRoom: RoomPolicy = {
  open: true,
  paused: false,
  ratePerMinute: 60_000,
  capacity: 1_000,
  claimWindowMs: 60_000,
  sessionTtlMs: 60_000,
  orderMode: 'arrival',
  opensAtMs: null,
  endsAtMs: null,
  priorityPercent: 30,
  returningPercent: 20,
  identity: 'session',
  whenAway: 'hold',
  message: null,
};

export const secret = (): string => randomBytes(32).toString('base64');
export const hmacKey = (kid: string): string => `${kid}:${secret()}`;

export function passKey(kid: string) {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', kid, x: x!, d: d! };
}

/**
 * A gateway in this process on a real port and the run's real Redis, in a key space of its own. The booking core is not
 * there; ticks are run by the test, with stock that it says.
 */
export async function openDoor({
  hmacKeys = hmacKey('k1'),
  passKeys = [passKey('p1')],
  perMinute = 1_000_000,
  proxies = ['127.0.0.1'],
  space = freshRedis(),
  placeKey = secret(),
  coreAt = { url: 'http://127.0.0.1:1', token: 'x'.repeat(32) },
  stock = {
    total: 500,
    free: 500,
    held: 0,
    holders: 0,
    sold: 0,
    blocked: 0,
    lapsing: 0,
    heldUntilMs: null,
    perFan: null,
  },
}: {
  hmacKeys?: string;
  passKeys?: ReturnType<typeof passKey>[];
  perMinute?: number;
  proxies?: string[];
  space?: ReturnType<typeof freshRedis>;
  placeKey?: string;
  /** Where the internal routes of a core are; nowhere, unless said. */
  coreAt?: { url: string; token: string };
  stock?: Omit<Stock, 'pressure' | 'asOfMs'>;
} = {}) {
  const redis = new Redis(space.url, { enableOfflineQueue: false, lazyConnect: true, commandTimeout: 2_000 });
  redis.on('error', () => {});
  await redis.connect();
  const line = new Line(redis, space.prefix);
  const core = coreClient(coreAt.url, coreAt.token);
  const metrics = gatewayMetrics();
  const publicUrl = 'http://onsale.test';
  const faults: unknown[] = [];
  const sold = { ...stock };

  const parts: TickParts = {
    line,
    core: {
      recordBatch: async (_, { places }) => ({
        places: places.map(({ place, turn }) => ({ place, turn, outcome: 'new' as const })),
      }),
    },
    stocks: { of: async () => ({ ...sold, pressure: 0, asOfMs: Date.now() }) },
    onUnrecorded: (fault) => faults.push(fault),
  };

  const ring = keyringOf(hmacKeys);
  const loadTest = loadTestAddress({ ring, clock: systemClock, onUse: metrics.loadTest });
  let moved: Needs['onMoved'] = () => {};
  const needs: Needs = {
    line,
    core,
    clock: systemClock,
    placeKey: createSecretKey(Buffer.from(placeKey, 'base64')),
    rooms: new Rooms(line, core.room, systemClock),
    ring,
    loadTest,
    calibration: new Calibration(metrics.waitCame, metrics.oddsCame),
    told: new ToldPlaces(),
    pass: await passKeysOf(passKeys, publicUrl),
    publicUrl,
    openDoor: new OpenDoor(core, metrics.letInOpenly),
    limitNetwork: networkLimit({
      redis,
      prefix: space.prefix,
      key: createSecretKey(Buffer.from(placeKey, 'base64')),
      proxies: proxiesOf(proxies),
      loadTest,
      perMinute,
      onRefused: metrics.limited,
    }),
    limitFan: fanLimit({ redis, prefix: space.prefix, onRefused: metrics.limited }),
    wake: (eventId) => void tick(parts, eventId).catch((fault) => faults.push(fault)),
    onMoved: (eventId, place) => moved(eventId, place),
  };
  const fetchApp = publicApp({
    needs,
    paymentProvider: 'sandbox',
    coreUrl: 'http://127.0.0.1:1',
    report: (fault) => faults.push(fault),
    onRequest: metrics.request,
  });
  const door = await openFrontDoor(
    fetchApp,
    { ...needs, onPush: metrics.push, report: (fault) => faults.push(fault) },
    { host: '127.0.0.1', port: 0 },
  );
  moved = door.sockets.moved;
  const url = `http://127.0.0.1:${door.port}`;
  const sockets: Socket[] = [];
  let version = 0;
  const seed = '5'.repeat(64);

  return {
    url,
    redis,
    space,
    line,
    needs,
    faults,
    metrics,
    stop: door.stop,
    tick: () => tick(parts, EVENT),
    /** Stock as the next ticks see it. */
    setStock: (next: Partial<typeof sold>) => void Object.assign(sold, next),
    async setRoom(policy: Partial<RoomPolicy> = {}): Promise<Room> {
      version += 1;
      // No Redis has known the room: nothing of it can have been lost.
      const room = {
        ...openRoom,
        ...policy,
        eventId: EVENT,
        version,
        epoch: 0,
        seed,
        commitment: commitmentOf(seed),
        rehearsal: false,
      };
      await line.putRoom(room);
      await line.revive(EVENT, 0, 0);
      needs.rooms.forget(EVENT);
      return room;
    },
    call: (path: string, init: RequestInit = {}) => fetch(url + path, init),
    /** @param who cookie or Bearer of the fan; a new fan without */
    async join(who: Record<string, string> = {}): Promise<Joined & { cookie: string; http: Response }> {
      const http = await fetch(`${url}/api/v1/events/${EVENT}/line`, { method: 'POST', headers: who });
      if (!http.ok) throw new Error(`${http.status} ${await http.text()}`);
      const cookie = http.headers.get('set-cookie')?.split(';')[0] ?? '';
      return { ...((await http.json()) as Joined), cookie, http };
    },
    async status(placeToken: string): Promise<PlaceStatus> {
      const http = await fetch(`${url}/api/v1/events/${EVENT}/line/me`, { headers: bearer(placeToken) });
      if (!http.ok) throw new Error(`${http.status} ${await http.text()}`);
      return (await http.json()) as PlaceStatus;
    },
    /** A socket and everything it was told. */
    listen(auth: object): { socket: Socket; messages: ServerMessage[]; refused: Array<{ code: string }> } {
      const socket = io(url, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
      const messages: ServerMessage[] = [];
      const refused: Array<{ code: string }> = [];
      socket.on(SOCKET_EVENT, (message: ServerMessage) => messages.push(message));
      socket.on('connect_error', (error: Error & { data?: { code: string } }) =>
        refused.push(error.data ?? { code: error.message }),
      );
      sockets.push(socket);
      return { socket, messages, refused };
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.disconnect();
      await door.stop();
      await space.wipe();
      redis.disconnect();
    },
  };
}

export type Door = Awaited<ReturnType<typeof openDoor>>;
export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
