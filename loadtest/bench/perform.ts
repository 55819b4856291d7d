import type { Bench } from './bench.ts';
import { describeMachine, loadNow, noiseOf } from './machine.ts';
import { Report } from './report.ts';
import { openStage } from './stage.ts';

export interface PerformOptions {
  readonly quick: boolean;
  say(line: string): void;
}

/**
 * Runs one bench on servers of its own, which are gone afterwards, also after an error; after SIGINT or SIGTERM too, and
 * then the process ends with 130.
 */
export async function perform(bench: Bench, { quick, say }: PerformOptions): Promise<Report> {
  const startedAt = new Date().toISOString();
  const before = loadNow();
  const stage = await openStage();
  const interrupted = (): void => void stage.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const { database, redisUrl, dir, atEnd } = stage;
    const machine = await describeMachine(stage.databaseUrl, dir);
    const outcome = await bench.run({ quick, database, redisUrl, dir, atEnd, say });
    return Report.parse({
      bench: bench.name,
      startedAt,
      machine: { ...machine, load: { before, after: loadNow() }, noise: noiseOf(outcome.results) },
      ...outcome,
    });
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await stage.close();
  }
}
