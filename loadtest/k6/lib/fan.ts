import { addressOf } from '../../crowd/addresses.ts';
import { Api, pause } from './api.ts';
import { type Character, characterOf } from './character.ts';
import { around, type Random, randomOf } from './seeded.ts';
import { settings } from './settings.ts';

/** One simulated fan: who he is, and what he does things with. */
export interface Fan {
  readonly number: number;
  readonly random: Random;
  readonly character: Character;
  /** His browser. */
  readonly api: Api;
  readonly cameAtMs: number;
  /** When his patience is over, and he must have had his answer. */
  readonly untilMs: number;
  readonly measured: Measured;
}

/** Told of what a fan measures beside the run's metrics: an operation, or `push`. */
export type Measured = (measure: string, ms: number) => void;

/** @param number his own in this run: `exec.scenario.iterationInTest`. With SEED it decides all that he does. */
export function fanOf(number: number, measured: Measured = () => {}): Fan {
  const random = randomOf(settings.seed, number);
  const character = characterOf(random, settings);
  const cameAtMs = Date.now();
  const untilMs = cameAtMs + settings.patienceSeconds * 1_000;
  const api = new Api(addressOf(settings.seed, number, settings.addresses), random, untilMs, measured);
  return { number, random, character, api, cameAtMs, untilMs, measured };
}

/** A pause around THINK_SECONDS. */
export const think = ({ random }: Fan): Promise<void> => pause(around(random, settings.thinkSeconds * 1_000));
