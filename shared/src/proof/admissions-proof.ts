import { commitmentOf, drawnNumberOf, isDrawn } from '../draw.ts';
import type { AdmittedBatch, AdmittedPlace } from '../http/admissions.ts';
import { type Lane, lanes } from '../lanes.ts';
import { batchHashOf, byOrder, placesHashOf } from './hashes.ts';
import { LaneOrder } from './lane-order.ts';

export interface Published {
  /** What was public before the first fan joined, and what was told once the doors were open; hex. */
  readonly commitment: string;
  readonly seed: string;
}

export interface Tally {
  batches: number;
  places: number;
  /** Numbers that were drawn, each computed again from the seed. */
  drawn: number;
  /** Let in before ones that stood before them, by the two exceptions. */
  back: number;
  invited: number;
  /** Let in without a line, while it was away, by a room that says *open* then. */
  openly: number;
  /** How often Redis was lost in between: the order is compared within each life of the line. */
  epochs: number;
  /** Of the last batch. */
  lastHash: string | null;
}

/**
 * Recomputes the record of one event's admissions, batch by batch and oldest first. Each fault names the batch it was seen in;
 * a record without faults was written as it stands, by whoever computed its hashes (docs/spec/line.md, LINE-24).
 */
export class AdmissionsProof {
  readonly #eventId: string;
  readonly #published: Published | undefined;
  readonly #turns = new Map<string, number>();
  #lanes = freshLanes();
  #epoch = -1;
  readonly faults: string[] = [];
  readonly tally: Tally = {
    batches: 0,
    places: 0,
    drawn: 0,
    back: 0,
    invited: 0,
    openly: 0,
    epochs: 0,
    lastHash: null,
  };

  /** @param published of a draw; without it a drawn number is a fault, for it cannot be computed again */
  constructor(eventId: string, published?: Published) {
    this.#eventId = eventId;
    this.#published = published;
    if (published !== undefined && commitmentOf(published.seed) !== published.commitment) {
      this.faults.push('the seed is not the one that was committed to');
    }
  }

  add(batch: AdmittedBatch): void {
    const fault = (what: string): void => void this.faults.push(`batch ${batch.batch}: ${what}`);
    this.#checkHashes(batch, fault);
    this.#checkSums(batch, fault);
    for (const place of batch.places) {
      this.#checkTurn(place, fault);
      this.#checkDrawn(place, fault);
    }
    // There was no line, and no order to keep.
    if (batch.reason === 'open') this.tally.openly += batch.places.length;
    else this.#checkOrder(batch, fault);
    this.tally.batches += 1;
    this.tally.places += batch.places.length;
    this.tally.lastHash = batch.hash;
  }

  #checkOrder({ epoch, places, takenAtMs }: AdmittedBatch, fault: (what: string) => void): void {
    if (epoch < this.#epoch) fault(`of epoch ${epoch}, after one of epoch ${this.#epoch}`);
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#lanes = freshLanes();
      this.tally.epochs += 1;
    }
    for (const place of [...places].sort(byOrder)) {
      const went = this.#lanes[place.lane].add(place, takenAtMs);
      if (went === 'overtaken') fault(`${place.place} was overtaken in the ${place.lane} lane`);
      if (went === 'back' || went === 'invited') this.tally[went] += 1;
    }
  }

  #checkHashes(batch: AdmittedBatch, fault: (what: string) => void): void {
    if (placesHashOf(batch.places) !== batch.placesHash) fault('its places are not those that were hashed');
    if (batch.previousHash !== this.tally.lastHash) fault('it does not follow the batch before it');
    if (batchHashOf(this.#eventId, batch) !== batch.hash) fault('it is not what was hashed');
  }

  #checkSums({ places, lanes: counts, firstOrder, lastOrder }: AdmittedBatch, fault: (what: string) => void) {
    const orders = places.map(({ order }) => order);
    if (Math.min(...orders) !== firstOrder || Math.max(...orders) !== lastOrder) {
      fault('its first or last order is of none of its places');
    }
    for (const lane of lanes) {
      if (places.filter((place) => place.lane === lane).length !== counts[lane]) {
        fault(`its count of the ${lane} lane is not that of its places`);
      }
    }
  }

  #checkTurn({ place, turn }: AdmittedPlace, fault: (what: string) => void): void {
    const before = this.#turns.get(place) ?? 0;
    if (turn <= before) fault(`${place} was let in for turn ${turn} after turn ${before}`);
    this.#turns.set(place, Math.max(turn, before));
  }

  /** Only who waits for his first turn can have been drawn: nobody has had one before the doors open. */
  #checkDrawn({ place, turn, order }: AdmittedPlace, fault: (what: string) => void): void {
    if (!isDrawn(order)) return;
    this.tally.drawn += 1;
    if (this.#published === undefined) fault(`${place} was drawn, and no seed is given`);
    else if (drawnNumberOf(this.#published.seed, place) !== order) fault(`${place} did not draw ${order}`);
    if (turn !== 1) fault(`${place} was drawn for turn ${turn}`);
  }
}

const freshLanes = (): Record<Lane, LaneOrder> => ({
  general: new LaneOrder(),
  priority: new LaneOrder(),
  returning: new LaneOrder(),
});
