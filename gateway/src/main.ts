import { systemClock } from '@onsale/shared/clock';
import { readConfig } from '@onsale/shared/config';
import { limits } from '@onsale/shared/limits';
import { run } from '@onsale/shared/service/lifecycle';
import { logOptions } from '@onsale/shared/service/log-options';
import { keyringOf, secretKey } from '@onsale/shared/tokens/keyring';
import { passKeysOf } from '@onsale/shared/tokens/pass';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { type Waker, waker } from './admission/wake.ts';
import { coreClient } from './core-client.ts';
import { type FrontDoor, openFrontDoor } from './front-door.ts';
import { networkLimit } from './http/limit.ts';
import { fanLimit } from './http/limit-fan.ts';
import { loadTestAddress } from './http/load-test.ts';
import type { Needs } from './http/needs.ts';
import { proxiesOf } from './http/network.ts';
import { OpenDoor } from './http/open-door.ts';
import { Calibration } from './http/view/calibration.ts';
import { Rooms } from './http/view/rooms.ts';
import { ToldPlaces } from './http/view/told-places.ts';
import { Line } from './line/line.ts';
import { gatewayMetrics } from './metrics.ts';
import { publicApp } from './public-app.ts';
import { vitalsPart } from './vitals.ts';

/**
 * The gateway: the fans' and operators' front door. Any number of these processes run side by side, and each may be
 * killed at any moment. It keeps nothing that Redis or the booking core does not have.
 */
const config = readConfig(process.env, [
  'REDIS_URL',
  'REDIS_PREFIX',
  'HOST',
  'GATEWAY_PORT',
  'GATEWAY_INTERNAL_PORT',
  'CORE_URL',
  'CORE_INTERNAL_URL',
  'SERVICE_TOKEN',
  'HMAC_KEYS',
  'PLACE_KEY',
  'PASS_KEYS',
  'PUBLIC_URL',
  'TRUSTED_PROXIES',
  'NETWORK_REQUESTS_PER_MINUTE',
  'PAYMENT_PROVIDER',
  'LOG_LEVEL',
]);
const log = pino(logOptions('gateway', config.LOG_LEVEL));
const metrics = gatewayMetrics();
const clock = systemClock;

const redis = new Redis(config.REDIS_URL, {
  lazyConnect: true,
  // A fan is told at once that the line is away; a request never waits for Redis to come back.
  enableOfflineQueue: false,
  enableAutoPipelining: true,
  // What is asked together already waits for no pipeline.
  autoPipeliningIgnoredCommands: ['line:join', 'limitNetworks', 'limitFans'],
  maxRetriesPerRequest: 1,
  commandTimeout: limits.redisTimeoutMs,
  retryStrategy: (times) => Math.min(times * 50, limits.redisRetryMs),
});
const line = new Line(redis, config.REDIS_PREFIX);
const core = coreClient(config.CORE_INTERNAL_URL, config.SERVICE_TOKEN);
const placeKey = secretKey(config.PLACE_KEY);
const ring = keyringOf(config.HMAC_KEYS);
const loadTest = loadTestAddress({ ring, clock, onUse: metrics.loadTest });

let waking: Waker | undefined;
let door: FrontDoor | undefined;
const needs: Needs = {
  line,
  core,
  clock,
  placeKey,
  rooms: new Rooms(line, core.room, clock),
  ring,
  loadTest,
  calibration: new Calibration(metrics.waitCame, metrics.oddsCame),
  told: new ToldPlaces(),
  pass: await passKeysOf(config.PASS_KEYS, config.PUBLIC_URL),
  publicUrl: config.PUBLIC_URL,
  openDoor: new OpenDoor(core, metrics.letInOpenly),
  limitNetwork: networkLimit({
    redis,
    prefix: config.REDIS_PREFIX,
    key: placeKey,
    proxies: proxiesOf(config.TRUSTED_PROXIES),
    loadTest,
    perMinute: config.NETWORK_REQUESTS_PER_MINUTE,
    onRefused: metrics.limited,
  }),
  limitFan: fanLimit({ redis, prefix: config.REDIS_PREFIX, onRefused: metrics.limited }),
  wake: (eventId, cause) => waking?.wake(eventId, cause),
  onMoved: (eventId, place) => door?.sockets.moved(eventId, place),
};

await run(
  [
    {
      name: 'redis',
      async start() {
        let away = false;
        const fault = (error: unknown): void => {
          // Every attempt to connect fails while it is away: said once.
          if (!away) log.warn({ error }, 'Redis is away');
          away = true;
        };
        redis.on('error', fault);
        redis.on('ready', () => {
          if (away) log.info({}, 'Redis is back');
          away = false;
        });
        await redis.connect().catch(fault);
        return async () => redis.disconnect();
      },
    },
    {
      name: 'wake',
      async start() {
        waking = waker(redis, config.REDIS_PREFIX);
        return waking.close;
      },
    },
    vitalsPart({ host: config.HOST, port: config.GATEWAY_INTERNAL_PORT }, redis, metrics.registry, log),
    {
      name: 'front door',
      async start() {
        const fetch = publicApp({
          needs,
          coreUrl: config.CORE_URL,
          paymentProvider: config.PAYMENT_PROVIDER,
          report: (error, about) => log.error({ error, ...about }, 'a request failed'),
          onRequest: metrics.request,
        });
        const socketNeeds = {
          ...needs,
          onPush: metrics.push,
          report: (error: unknown, about: object) => log.warn({ error, ...about }, 'a look at a room failed'),
        };
        const opened = await openFrontDoor(fetch, socketNeeds, {
          host: config.HOST,
          port: config.GATEWAY_PORT,
        });
        door = opened;
        metrics.countSockets(() => opened.sockets.count());
        return opened.stop;
      },
    },
  ],
  log,
);
