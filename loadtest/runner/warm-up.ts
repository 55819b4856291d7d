import { join } from 'node:path';
import { underLoad } from './load.ts';
import { environmentOf, type Performance } from './perform.ts';
import { setStage } from './stage.ts';

/**
 * Some fans on an event of their own, before those who are measured. The first requests of a process take it several times as
 * long as later ones, and no sale opens its doors with processes that nobody has asked for anything yet. What is seen of
 * them counts for nothing.
 * @param options in which they differ from those who come after. @throws when k6 did not go through
 */
export async function goBefore(
  {
    script,
    desk,
    place,
    settings,
    openFiles,
    k6,
    dir,
    signal,
    say,
  }: Omit<Performance, 'stage' | 'startedAt'>,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  say('Warming up the sale that was just started.');
  const stage = await setStage(desk, script, { startedAt: new Date(), env: process.env, say });
  try {
    const status = await underLoad({
      command: [
        ...k6,
        'run',
        '--quiet',
        '--no-thresholds',
        '--summary-mode=disabled',
        '--no-usage-report',
        script.path,
      ],
      env: {
        ...process.env,
        ...settings,
        ...options,
        ...environmentOf({ place, stage, settings }, await desk.loadTestToken(), dir),
        K6_WEB_DASHBOARD: 'false',
      },
      openFiles,
      logFile: join(dir, 'warm-up.log'),
      dir,
      signal,
    });
    if (!signal.aborted && status !== 0)
      throw new Error(`k6 ended with status ${status} while it warmed the sale up.`);
  } finally {
    await stage.takeDown();
  }
}
