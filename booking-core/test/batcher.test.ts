import { describe, expect, test } from 'vitest';
import { type BatcherOptions, batcher } from '../src/holds/batcher.ts';

interface Ask {
  readonly lane: string;
  readonly n: number;
}

/** A batcher whose batches are judged when the test says so. */
function held(options: Partial<BatcherOptions<Ask, number>> = {}) {
  const batches: Array<{ asks: readonly Ask[]; finish: () => void; fail: (fault: unknown) => void }> = [];
  const made = batcher<Ask, number>({
    judge: (asks) =>
      new Promise((resolve, reject) => {
        batches.push({ asks, finish: () => resolve(asks.map(({ n }) => n)), fail: reject });
      }),
    laneOf: ({ lane }) => lane,
    batchMax: 100,
    queueMax: 1_000,
    batchesInFlight: 1,
    ...options,
  });
  return { ...made, batches };
}

/** Two turns of the loop: in one the batcher's answers arrive, in the next it sends. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('batches', () => {
  test('an idle batcher sends at once, and gathers while a batch is away', async () => {
    const { add, batches } = held();
    const first = add({ lane: 'a', n: 1 });
    await settled();
    const others = [2, 3, 4].map((n) => add({ lane: `b${n}`, n }));
    await settled();
    expect(batches.map(({ asks }) => asks.length)).toEqual([1]);
    batches[0]!.finish();
    expect(await first).toBe(1);
    await settled();
    expect(batches[1]!.asks.map(({ n }) => n)).toEqual([2, 3, 4]);
    batches[1]!.finish();
    expect(await Promise.all(others)).toEqual([2, 3, 4]);
  });

  test('[BOOK-5] a buyer is in one batch at a time and once in it, in the order he asked', async () => {
    const { add, batches } = held({ batchesInFlight: 3 });
    const asked = [1, 2, 3].map((n) => add({ lane: 'same', n }));
    const other = add({ lane: 'other', n: 9 });
    await settled();
    expect(batches.map(({ asks }) => asks.map(({ n }) => n))).toEqual([[1, 9]]);
    for (let at = 0; at < 3; at++) {
      batches[at]!.finish();
      await settled();
    }
    expect(batches.slice(1).map(({ asks }) => asks.map(({ n }) => n))).toEqual([[2], [3]]);
    expect(await Promise.all([...asked, other])).toEqual([1, 2, 3, 9]);
  });

  test('a full queue refuses, and what waits is still judged', async () => {
    const { add, depth, batches } = held({ queueMax: 2 });
    const kept = [add({ lane: 'a', n: 1 })];
    await settled();
    kept.push(add({ lane: 'b', n: 2 }), add({ lane: 'c', n: 3 }));
    await expect(add({ lane: 'd', n: 4 })).rejects.toMatchObject({ code: 'overloaded' });
    expect(depth()).toBe(2);
    batches[0]!.finish();
    await settled();
    batches[1]!.finish();
    expect(await Promise.all(kept)).toEqual([1, 2, 3]);
  });

  test('a poisoned request fails alone; a fault of another kind fails its batch and no more', async () => {
    const poison = Object.assign(new Error('invalid byte sequence'), { code: '22021' });
    const judged: number[] = [];
    const { add } = batcher<Ask, number>({
      judge: async (asks) => {
        if (asks.some(({ n }) => n === 13)) throw poison;
        if (asks.some(({ n }) => n === 666)) throw new Error('gone');
        judged.push(...asks.map(({ n }) => n));
        return asks.map(({ n }) => n);
      },
      laneOf: ({ lane }) => lane,
      batchMax: 50,
      queueMax: 100,
      batchesInFlight: 1,
    });
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => add({ lane: String(n), n })),
    );
    expect(answers.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([13]);
    expect(judged.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, n) => n).filter((n) => n !== 13),
    );
    await expect(add({ lane: 'x', n: 666 })).rejects.toThrow('gone');
    expect(await add({ lane: 'x', n: 7 })).toBe(7);
  });
});
