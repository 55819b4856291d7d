import { limits } from '@onsale/shared/limits';
import type { Layout, Stretch } from './layout.ts';

/**
 * Which stretches this process looks at first, when several processes sell the same event. Alone it has all of them, the
 * closest first. Two that both begin with the closest would propose the same seats over and over; so whoever loses seats
 * to another takes one side of the venue, at random, of twice as many sides as before, until one was quiet for a while.
 * The sides are the same for all processes. A hint: where a side has nothing that fits, all is looked at.
 */
export interface Sides {
  /** Where to look one after the other, before all of the venue: the own side, then the wider one that it is half of. */
  own(): readonly ((stretch: Stretch) => boolean)[];
  /** How often this process stepped aside. */
  steps(): number;
  /** Seats were lost to another process. @param step steps() when they were picked: what was picked before the last step says nothing of this side */
  stepAside(step: number): void;
}

/** @param clock milliseconds that never go back */
export function sidesOf(
  { ids }: Layout,
  random: () => number = Math.random,
  clock: () => number = () => performance.now(),
): Sides {
  let sides = 1;
  let side = 0;
  let steps = 0;
  let quietSinceMs = clock();
  const sideOf = ({ from }: Stretch, of: number): number => (Math.imul(ids[from]!, 0x9e3779b1) >>> 16) % of;
  /** From the narrowest to the halves. */
  const nested = (): ((stretch: Stretch) => boolean)[] => {
    const found = [];
    for (let of = sides; of > 1; of /= 2) {
      const own = side % of;
      found.push((stretch: Stretch) => sideOf(stretch, of) === own);
    }
    return found;
  };
  let looks = nested();

  return {
    own() {
      if (sides > 1 && clock() - quietSinceMs > limits.sideQuietMs) {
        sides /= 2;
        side %= sides;
        quietSinceMs = clock();
        looks = nested();
      }
      return looks;
    },
    steps: () => steps,
    stepAside(step) {
      if (step !== steps) return;
      steps += 1;
      sides = Math.min(sides * 2, limits.sidesMax);
      side = Math.floor(random() * sides);
      quietSinceMs = clock();
      looks = nested();
    },
  };
}
