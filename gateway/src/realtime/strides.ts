import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';

/** Does something for each, and lets the process do its other work after every limits.socketsPerStride of them. */
export async function inStrides<T>(items: Iterable<T>, each: (item: T) => void): Promise<void> {
  let count = 0;
  for (const item of items) {
    each(item);
    count += 1;
    if (count % limits.socketsPerStride === 0) await turn();
  }
}
