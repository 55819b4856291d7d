import { k6Command } from '../../bin/stack/k6-binary.ts';
import { removeRun, runFolder } from '../../bin/stack/run-folder.ts';
import type { RunWish } from './arguments.ts';
import { deskOf } from './desk.ts';
import { boundFor, openFilesHere } from './open-files.ts';
import { ENVIRONMENT, perform } from './perform.ts';
import { allowed, placeOf } from './place.ts';
import { scriptOf } from './scripts.ts';
import { fansIn, settingsOf } from './settings.ts';
import { setStage } from './stage.ts';
import { goBefore } from './warm-up.ts';

/**
 * One script on one sale: set up, watched, audited, told, taken down. What can be refused without a sale is refused before one is
 * started. Whatever happens, the event and a sale of our own end. After a kill -9 of ours the next run ends k6 and a sale of our own;
 * a rehearsal on another sale stays open until somebody ends it.
 * @param signal ends the run; what was seen until then is reported
 * @returns the status of the command. @throws when it could not be tried.
 */
export async function run(wish: RunWish, signal: AbortSignal): Promise<number> {
  const script = scriptOf(wish.script);
  if (wish.target !== undefined) allowed(wish.target, wish.mine);
  const settings = settingsOf(script, wish, process.env);
  const openFiles = boundFor(fansIn(settings), openFilesHere());
  const k6 = k6Command([...Object.keys(settings), ...ENVIRONMENT]);
  const dir = await runFolder('k6');
  const undo: Array<() => Promise<void>> = [() => removeRun(dir)];
  try {
    const place = await placeOf(wish, process.env, { dir, signal, say });
    undo.push(place.leave);
    if (script.setup.needs.limits === 'on' && place.kind !== 'own')
      say(
        `${script.name} needs the bound of requests per network in force there (NETWORK_REQUESTS_PER_MINUTE).`,
      );
    const desk = deskOf(place);
    const { warmUp } = script.setup;
    if (place.kind === 'own' && warmUp !== undefined)
      await goBefore({ script, wish, settings, openFiles, k6, dir, signal, place, desk, say }, warmUp);
    const startedAt = new Date();
    const stage = await setStage(desk, script, { startedAt, env: process.env, say });
    undo.push(stage.takeDown);
    signal.throwIfAborted();
    return await perform({
      script,
      wish,
      settings,
      openFiles,
      k6,
      dir,
      startedAt,
      signal,
      place,
      desk,
      stage,
      say,
    });
  } finally {
    await inTurn(undo.reverse());
  }
}

/** Every step is taken, also after one that failed. @throws the first failure. */
async function inTurn(steps: ReadonlyArray<() => Promise<void>>): Promise<void> {
  const [step, ...others] = steps;
  if (step === undefined) return;
  try {
    await step();
  } finally {
    await inTurn(others);
  }
}

const say = (line: string): void => console.log(line);
