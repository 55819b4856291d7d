import type { AdmittedPlace } from '../http/admissions.ts';
import { limits } from '../limits.ts';
import { byOrder } from './hashes.ts';

/**
 * The order in which one lane was let in, within one epoch: ascending, but for who was passed over and is back, and for who
 * came to the lane with an invitation after later ones had gone already: he kept the order that he had elsewhere.
 */
export class LaneOrder {
  #last: AdmittedPlace | undefined;
  /** Whenever the lane had come further than ever: how far, and when. */
  readonly #reached: { order: number; atMs: number }[] = [];

  /** @returns whether he went in order, by one of the exceptions, or against the rule */
  add(place: AdmittedPlace, takenAtMs: number): 'inOrder' | 'back' | 'invited' | 'overtaken' {
    if (place.back) return 'back';
    if (this.#last !== undefined && byOrder(place, this.#last) <= 0) {
      return this.#cameLater(place) ? 'invited' : 'overtaken';
    }
    this.#last = place;
    const { order } = place;
    if (this.#reached.at(-1)?.atMs === takenAtMs) this.#reached.at(-1)!.order = order;
    else this.#reached.push({ order, atMs: takenAtMs });
    return 'inOrder';
  }

  /** Whether he was invited only when one with a later order had been let in. Two clocks are compared. */
  #cameLater({ order, invitedAtMs }: AdmittedPlace): boolean {
    if (invitedAtMs === null) return false;
    const overtook = this.#reached.find((one) => one.order >= order);
    return overtook !== undefined && invitedAtMs >= overtook.atMs - limits.clockSkewMs;
  }
}
