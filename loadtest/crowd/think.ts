import { setTimeout as delay } from 'node:timers/promises';
import type { Life } from './life.ts';

/** A pause around the mean, as people make. */
export const think = ({
  options,
  random,
  signal,
}: Pick<Life, 'options' | 'random' | 'signal'>): Promise<void> =>
  delay(options.thinkMs * (0.5 + random()), undefined, { signal });
