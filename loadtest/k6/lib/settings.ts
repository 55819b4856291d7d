import { type Environment, numberIn, settingsOf, textIn } from './environment.ts';

const env: Environment = __ENV;

/** What a run is told by its environment; the one place where a script reads it. */
export const settings = settingsOf(env);

/** An option of a single script. @throws Error naming it. */
export const numberOption = (
  name: string,
  otherwise: number,
  bounds: Parameters<typeof numberIn>[3],
): number => numberIn(env, name, otherwise, bounds);

/** An option of a single script. @throws Error naming it. */
export const textOption = (name: string, otherwise: string, form: RegExp): string =>
  textIn(env, name, otherwise, form);
