import { keysOf } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';
import type { Context } from '../bench.ts';
import { fillLine, openLine, PREFIX } from '../joins/fill.ts';
import { usedBytes } from '../used-bytes.ts';
import { type Cost, costOf } from './cost.ts';
import { ofSortedSet, type Sizes } from './law.ts';
import { inThree } from './three.ts';

/** What so many waiting fans take of Redis, bytes: joined one by one, by the script of the gateway. */
export async function memoryCost({ quick, say }: Context, redis: Redis): Promise<Cost> {
  const sizes: Sizes = quick ? [50_000, 150_000, 600_000] : [100_000, 300_000, 1_500_000];
  const values = await inThree(sizes, quick ? 1 : 3, async (fans, round) => {
    const { line, eventId } = await openLine(redis, `memory-${fans}-${round}`);
    const before = await usedBytes(redis);
    await fillLine(line, eventId, { fans, say: () => {} });
    const bytes = (await usedBytes(redis)) - before;
    await redis.unlink(...Object.values(keysOf(PREFIX, eventId)));
    say(`memory · ${fans} wait: ${(bytes / fans).toFixed(1)} bytes each`);
    return bytes;
  });
  return costOf({
    id: 'redis-memory',
    what: 'memory of Redis',
    unit: 'bytes',
    counts: 'waiting',
    law: ofSortedSet,
    sizes,
    values,
  });
}
