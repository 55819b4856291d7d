import { addressOf } from './addresses.ts';
import { bounds } from './bounds.ts';
import { type Caller, createCaller } from './caller.ts';
import type { Phase } from './endings.ts';
import type { CrowdOptions } from './options.ts';
import { chance, type Random, seeded, upTo } from './random.ts';
import type { Tally } from './tally.ts';
import type { Wire } from './wire.ts';

/** What a fan will do, decided before he comes. */
export interface Character {
  readonly vanishes: boolean;
  readonly givesUp: 'inLine' | 'withHold' | undefined;
  readonly comesNot: boolean;
  /** Payments that are declined before one is tried with a good card; bounds.paymentsMax: he has none. */
  readonly declines: number;
  readonly polls: boolean;
  readonly rejoins: boolean;
}

/** One simulated fan: who he is, and what he does things with. */
export interface Life {
  readonly options: CrowdOptions;
  readonly character: Character;
  readonly random: Random;
  /** His own network address, as a trusted proxy would forward it. */
  readonly address: string;
  readonly call: Caller;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  readonly handshake: <T>(work: () => Promise<T>) => Promise<T>;
  /** Says where he is now, for the progress line. */
  enter(phase: Phase | undefined): void;
}

export interface CrowdParts {
  readonly options: CrowdOptions;
  readonly wire: Wire;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  readonly handshake: Life['handshake'];
}

export function lifeOf(number: number, parts: CrowdParts): Life {
  const { options, tally } = parts;
  const random = seeded(options.seed, number);
  const character = characterOf(random, options);
  const address = addressOf(options.seed, number);
  let phase: Phase | undefined;
  return {
    ...parts,
    character,
    random,
    address,
    call: createCaller({ ...parts, address, random }),
    enter(next) {
      tally.move(phase, next);
      phase = next;
    },
  };
}

function characterOf(random: Random, options: CrowdOptions): Character {
  return {
    vanishes: chance(random, options.vanish),
    givesUp: chance(random, options.giveUp) ? (chance(random, 0.5) ? 'inLine' : 'withHold') : undefined,
    comesNot: chance(random, options.noShow),
    declines: chance(random, options.decline) ? upTo(random, bounds.paymentsMax) : 0,
    polls: chance(random, options.poll),
    rejoins: chance(random, options.rejoin),
  };
}
