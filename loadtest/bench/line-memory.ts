import { keysOf } from '@onsale/shared/redis-keys';
import { Redis } from 'ioredis';
import { RAW_ZADD, rawZadd } from '../baselines/raw-zadd.ts';
import type { Bench } from './bench.ts';
import { fillLine, openLine, PREFIX } from './joins/fill.ts';
import { interleave } from './rounds.ts';
import { ratios, summaryOf } from './statistics.ts';
import { usedBytes } from './used-bytes.ts';
import { atMost } from './verdicts.ts';

/** The promise is about this many, in both forms: at others the sets' tables are filled to another part. */
const FANS = 1_000_000;
const OURS = 'a line';
const BARE = 'a bare sorted set';

/** A million of them. */
interface Filled {
  readonly bytes: number;
  readonly perSecond: number;
}

export const lineMemory: Bench = {
  name: 'line-memory',
  question: 'How many bytes of Redis does a waiting fan take, his identity included?',
  minutes: { quick: 2, full: 5 },
  async run({ redisUrl, atEnd, say, quick }) {
    const redis = new Redis(redisUrl);
    atEnd(async () => redis.disconnect());
    let parts = new Map<string, number>();
    const line = async (round: number): Promise<Filled> => {
      const { line, eventId } = await openLine(redis, `memory-${round}`);
      const filled = await filling(redis, () => fillLine(line, eventId, { fans: FANS, say }));
      const waiting = (await line.look(eventId, { shape: false }))?.inLanes ?? 0;
      if (waiting !== FANS) throw new Error(`${FANS} joined and ${waiting} wait`);
      parts = await bytesByKey(redis, eventId);
      await redis.unlink(...Object.values(keysOf(PREFIX, eventId)));
      return filled;
    };
    const bare = async (round: number): Promise<Filled> => {
      const key = `bare-${round}`;
      let perSecond = 0;
      const filled = await filling(redis, async () => {
        perSecond = await rawZadd(redis, key, FANS);
      });
      await redis.unlink(key);
      return { ...filled, perSecond };
    };
    const told = await interleave(
      [
        { name: OURS, run: line },
        { name: BARE, run: bare },
      ],
      { rounds: quick ? 1 : 3, warmUps: 0 },
    );
    const of = (name: string, figure: keyof Filled): number[] => told.get(name)!.map((one) => one[figure]);
    const bytes = of(OURS, 'bytes');
    return {
      results: [
        { name: 'Redis, of one waiting fan', unit: 'bytes', ...summaryOf(bytes) },
        { name: `${BARE}, of one member`, unit: 'bytes', ...summaryOf(of(BARE, 'bytes')) },
        {
          name: 'a waiting fan ÷ a member of a bare set',
          unit: '×',
          ...summaryOf(ratios(bytes, of(BARE, 'bytes'))),
        },
        { name: 'joins by the script, in process', unit: 'adds/s', ...summaryOf(of(OURS, 'perSecond')) },
        { name: RAW_ZADD, unit: 'adds/s', ...summaryOf(of(BARE, 'perSecond')) },
        {
          name: `joins by the script ÷ ${RAW_ZADD}`,
          unit: '×',
          ...summaryOf(ratios(of(OURS, 'perSecond'), of(BARE, 'perSecond'))),
        },
        ...[...parts].map(([name, size]) => ({ name, unit: 'bytes in all', ...summaryOf([size]) })),
      ],
      verdicts: [
        atMost(
          'line-memory-bytes-per-fan',
          'Bytes of Redis per waiting fan at 1,000,000, identity included',
          140,
          Math.max(...bytes),
        ),
      ],
    };
  },
};

/** What filling it took. */
async function filling(redis: Redis, fill: () => Promise<void>): Promise<Filled> {
  const before = await usedBytes(redis);
  const from = performance.now();
  await fill();
  const seconds = (performance.now() - from) / 1_000;
  return { bytes: ((await usedBytes(redis)) - before) / FANS, perSecond: FANS / seconds };
}

/** Of the room's own keys, those that are there. */
async function bytesByKey(redis: Redis, eventId: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const [name, key] of Object.entries(keysOf(PREFIX, eventId))) {
    const bytes = (await redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '1000')) as number | null;
    if (bytes !== null) sizes.set(`of it: ${name}`, bytes);
  }
  return sizes;
}
