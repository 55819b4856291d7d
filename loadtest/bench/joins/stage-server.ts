import { type Listening, serverPart } from '@onsale/booking-core/service/server';
import { examples } from '@onsale/shared/http/examples';
import { joinLine } from '@onsale/shared/http/line';
import { placeIdOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import { createApp } from '@onsale/shared/service/app';
import { secretKey } from '@onsale/shared/tokens/keyring';
import { Hono } from 'hono';
import { Redis } from 'ioredis';
import { networkLimit } from '../../../gateway/src/http/limit.ts';
import { proxiesOf } from '../../../gateway/src/http/network.ts';
import { Line } from '../../../gateway/src/line/line.ts';

/**
 * The route that joins, with one stage more each time and an answer that is always the same: what is left out is what the
 * next one costs. A process of its own: stage-server.ts <stage> <port>, with REDIS_URL, REDIS_PREFIX and PLACE_KEY.
 */
const JOINED = examples.joinLine!.answered![201] as object;

const app = () => createApp((fault) => console.error(fault));
const redis = () => new Redis(process.env.REDIS_URL!);
const limitOn = (on: Redis) =>
  networkLimit({
    redis: on,
    prefix: process.env.REDIS_PREFIX!,
    key: secretKey(process.env.PLACE_KEY!),
    proxies: proxiesOf(['127.0.0.1']),
    loadTest: () => undefined,
    perMinute: limits.networkRequestsPerMinute,
    onRefused: () => {},
  });

const stages: Record<string, () => Listening['app']> = {
  /** Nothing but Hono and an answer of the same size: the limit. */
  empty: () => new Hono().post('/api/v1/events/:eventId/line', (c) => c.json(JOINED, 201)),
  /** Our app around the route, its path, headers and body validated. */
  validated: () => {
    const made = app();
    made.openapi(joinLine, (c) => c.json(JOINED as never, 201));
    return made;
  },
  /** And the bound of the network. */
  limited: () => {
    const made = app();
    const limit = limitOn(redis());
    made.openapi(joinLine, async (c) => {
      await limit(c);
      return c.json(JOINED as never, 201);
    });
    return made;
  },
  /** And the place in the line. */
  placed: () => {
    const made = app();
    const on = redis();
    const limit = limitOn(on);
    const line = new Line(on, process.env.REDIS_PREFIX!);
    const key = secretKey(process.env.PLACE_KEY!);
    made.openapi(joinLine, async (c) => {
      const { eventId } = c.req.valid('param');
      await limit(c);
      await line.join(eventId, placeIdOf(key, eventId, c.get('requestId')));
      return c.json(JOINED as never, 201);
    });
    return made;
  },
};

const [, , stage, port] = process.argv;
await serverPart({ name: stage!, app: stages[stage!]!(), host: '127.0.0.1', port: Number(port) }).start();
process.once('SIGTERM', () => process.exit(0));
