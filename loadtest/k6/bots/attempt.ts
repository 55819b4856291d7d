import type { Random } from '../lib/seeded.ts';
import type { Answer } from './judge.ts';
import type { KindName } from './kinds.ts';
import type { Kit } from './kit.ts';

export interface Scene {
  readonly kit: Kit;
  readonly random: Random;
}

export type Tried = readonly [kind: KindName, answer: Answer];

/** Tries something wrong, once or a few times. @returns what was answered, for each try */
export type Attempt = (scene: Scene) => readonly Tried[] | Promise<readonly Tried[]>;
