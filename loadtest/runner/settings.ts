import type { RunWish } from './arguments.ts';
import type { Script } from './scripts.ts';

/** Options that every journey knows (loadtest/k6/lib/environment.ts). */
const COMMON = [
  'CURVE',
  'ARRIVAL_SECONDS',
  'PATIENCE_SECONDS',
  'THINK_SECONDS',
  'NO_SHOW',
  'DROP_OUT',
  'P99_MS',
];

/**
 * What the script is told of its options: the command line before the environment, that before what the script's setup says. None
 * of it is secret; it stands in the report.
 */
export function settingsOf(
  { setup }: Script,
  { fans, seed }: RunWish,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const given = [...Object.keys(setup.defaults), ...COMMON].flatMap((name) =>
    env[name] ? [[name, env[name]]] : [],
  );
  return {
    ...setup.defaults,
    ...Object.fromEntries(given),
    ...(fans === undefined ? {} : { FANS: String(fans) }),
    SEED: String(seed),
  };
}

/** A fan who is there needs files; how many fans there are when the script itself does not say. */
const FANS_OTHERWISE = 200;

export const fansIn = (settings: Readonly<Record<string, string>>): number =>
  Number(settings.FANS ?? FANS_OTHERWISE);
