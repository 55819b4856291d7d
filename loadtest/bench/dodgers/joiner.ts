import { drawnNumberOf } from '@onsale/shared/draw';
import { placeIdOf } from '@onsale/shared/ids';
import { keysOf } from '@onsale/shared/redis-keys';
import { secretKey } from '@onsale/shared/tokens/keyring';
import { Redis } from 'ioredis';
import { Line } from '../../../gateway/src/line/line.ts';
import { ownPeakBytes } from './memory.ts';
import { Muster, type Mustered } from './muster.ts';
import { commandsOf, RawRedis } from './raw-redis.ts';

/** A gateway's part of joining, a process of its own: what a join computes and what it asks of the line. */
export interface JoinerOptions {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly eventId: string;
  /** Base64, of 32 bytes. */
  readonly placeKey: string;
  /** The draw's, hex. */
  readonly seed: string;
}

/**
 * `join`: lets fans join, those of these numbers. Of the first of them, then: `lift` takes them out of their lane, and `put` puts
 * them back as they stood, by bare commands. Each is answered when it is done.
 */
export type JoinerTask =
  | { readonly task: 'join'; readonly from: number; readonly to: number; readonly sample: number }
  | { readonly task: 'lift' }
  | { readonly task: 'put' };

/** Of `join` who joined, of the others nobody; and the most that this process ever had. */
export interface Weighed {
  readonly mustered: Mustered;
  readonly peakBytes: number;
}

/** Fans of one call of the line, and calls on their way: while Redis works on some, the next are made. */
const WAVE = 1_000;
const WAVES = 4;

const options = JSON.parse(process.argv[2]!) as JoinerOptions;
const { eventId, redisUrl, prefix, seed } = options;
const redis = new Redis(redisUrl);
const line = new Line(redis, prefix);
const raw = await RawRedis.open(redisUrl);
const key = secretKey(options.placeKey);
const { general } = keysOf(prefix, eventId);

/** Of the last fans who joined, some, with the orders they were given. */
let sample: { place: string; order: string }[] = [];
let toPut: Buffer[] = [];

process.once('disconnect', () => process.exit());
process.on('message', (task: JoinerTask) => {
  void work(task).then((muster) =>
    process.send!({ mustered: muster.toMessage(), peakBytes: ownPeakBytes() } satisfies Weighed),
  );
});
process.send!('ready');

async function work(task: JoinerTask): Promise<Muster> {
  if (task.task === 'join') return join(task);
  if (task.task === 'lift') {
    toPut = commandsOf(sample.map(({ place, order }) => ['ZADD', general, order, place]));
    await raw.run(commandsOf(sample.map(({ place }) => ['ZREM', general, place])), sample.length);
  } else {
    await raw.run(toPut, sample.length);
  }
  return new Muster();
}

async function join({ from, to, sample: kept }: Extract<JoinerTask, { task: 'join' }>): Promise<Muster> {
  const muster = new Muster();
  sample = [];
  let next = from;
  const stand = async (): Promise<void> => {
    while (next < to) {
      const first = next;
      next = Math.min(to, first + WAVE);
      const joins = Array.from({ length: next - first }, (_, at) => joinOf(first + at));
      for (const [at, { outcome, standing }] of (await line.joinAll(eventId, joins)).entries()) {
        if (outcome !== 'new' || standing?.stage !== 'waiting') throw new Error(`A join was ${outcome}.`);
        const { place } = joins[at]!;
        muster.add(place);
        if (sample.length < kept) sample.push({ place, order: String(standing.order) });
      }
    }
  };
  await Promise.all(Array.from({ length: WAVES }, stand));
  return muster;
}

/** As the route does it: who he is makes his place, and the draw's seed its number. */
function joinOf(fan: number): { place: string; drawn: number } {
  const buyer = `00000000-0000-8000-8000-${fan.toString(16).padStart(12, '0')}`;
  const place = placeIdOf(key, eventId, buyer);
  return { place, drawn: drawnNumberOf(seed, place) };
}
