import type { Context } from '../bench.ts';
import type { Muster } from './muster.ts';
import type { Joiners } from './staff.ts';

/** Chunks of fans before the doors and as many after: each is a run of joins, and one of bare commands. */
const CHUNKS = 10;
const SAMPLE = 50_000;

/** Joins of one chunk, and bare ZADDs of some of its fans, each per second. */
export interface Chunk {
  readonly joins: number;
  readonly raw: number;
}

/** Lets fans join, a chunk at a time; after each, some of its fans are taken out and put back by bare commands. */
export async function joinChunks(
  { say }: Context,
  joiners: Joiners,
  joined: Muster,
  from: number,
  to: number,
): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  const bound = (chunk: number): number => from + Math.floor(((to - from) * chunk) / CHUNKS);
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const [first, end] = [bound(chunk), bound(chunk + 1)];
    const sample = Math.min(SAMPLE, end - first);
    let mustered: Awaited<ReturnType<Joiners['join']>> = [];
    const joins = await perSecond(end - first, async () => {
      mustered = await joiners.join(first, end, sample);
    });
    for (const part of mustered) joined.addAll(part);
    await joiners.lift();
    const raw = await perSecond(sample, () => joiners.put());
    chunks.push({ joins, raw });
    say(`${joined.count} joined: ${Math.round(joins)} joins/s, bare ZADDs ${Math.round(raw)}/s`);
  }
  return chunks;
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return count / ((performance.now() - from) / 1_000);
}
