import type { Bench } from './bench.ts';
import { busyNow, describeMachine, loadNow, noiseOf } from './machine.ts';
import { beginProfiling } from './profile/profiling.ts';
import { Report } from './report.ts';
import { sizesOf } from './sizes.ts';
import { openStage } from './stage.ts';

export interface PerformOptions {
  readonly quick: boolean;
  /** Sizes that are asked for; the others are those of the form. @throws RangeError of a size that the bench does not take */
  readonly sizes?: Readonly<Record<string, string | number | undefined>>;
  /** Sample every Node process, and make flame graphs of what they did. */
  readonly profile?: boolean;
  say(line: string): void;
}

/**
 * Runs one bench on servers of its own, which are gone afterwards, also after an error; after SIGINT or SIGTERM too, and
 * then the process ends with 130.
 */
export async function perform(
  bench: Bench,
  { quick, sizes: asked = {}, profile = false, say }: PerformOptions,
): Promise<Report> {
  const sizes = sizesOf(bench, asked, quick);
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const before = loadNow();
  const busyBefore = Math.round((await busyNow()) * 100) / 100;
  const stage = await openStage();
  const profiling = profile ? beginProfiling(bench.name) : undefined;
  const interrupted = (): void => void stage.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const { database, redisUrl, dir, atEnd } = stage;
    const machine = await describeMachine(stage.databaseUrl, dir);
    const outcome = await bench.run({ quick, sizes, database, redisUrl, dir, atEnd, say });
    return Report.parse({
      bench: bench.name,
      startedAt,
      quick,
      sizes,
      seconds: Math.round((performance.now() - began) / 1_000),
      machine: {
        ...machine,
        busyBefore,
        load: { before, after: loadNow() },
        noise: noiseOf(outcome.results),
      },
      ...outcome,
    });
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    // While they live: processes that are ended by force write nothing.
    for (const line of (await profiling?.end()) ?? []) say(line);
    await stage.close();
  }
}
