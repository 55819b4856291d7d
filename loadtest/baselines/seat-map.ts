import { setTimeout as delay } from 'node:timers/promises';
import { oneAtATime } from '@onsale/booking-core/service/flight';

/** A buyer who finds seats on the map, and loses all of them to others so often, is told that nothing is left. */
const TRIES_MAX = 200;
const PAUSE_MS = 5;

/**
 * The cached seat map of designs with seats: which seats looked free when it was last read, less those that this process
 * tried since. Each buyer is given others, spread over the map; nobody is refused before it was read after he asked.
 */
export interface SeatMap {
  /**
   * Tries seats until `attempt` got them. Seats are given in ascending order, so that locks are taken in one order.
   * @returns what the attempt gave, undefined when too few are left.
   */
  take<T>(
    quantity: number,
    attempt: (seats: readonly number[]) => Promise<T | 'lost'>,
  ): Promise<T | undefined>;
}

/** @param read the free seats, from where the truth is. */
export function seatMap(read: () => Promise<number[]>): SeatMap {
  let free: number[] = [];
  const reload = oneAtATime(async () => {
    free = shuffled(await read());
    return free.length;
  });
  const pick = (quantity: number): number[] | undefined =>
    free.length < quantity ? undefined : free.splice(free.length - quantity).sort((a, b) => a - b);

  return {
    async take(quantity, attempt) {
      let seats = pick(quantity);
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        if (seats === undefined && (await reload()) < quantity) return undefined;
        seats ??= pick(quantity);
        // Others were faster: what they leave, or give back, is known in a moment.
        if (seats === undefined) await delay(PAUSE_MS);
        else {
          const got = await attempt(seats);
          if (got !== 'lost') return got;
          seats = undefined;
        }
      }
      return undefined;
    },
  };
}

function shuffled(seats: number[]): number[] {
  for (let at = seats.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [seats[at], seats[other]] = [seats[other]!, seats[at]!];
  }
  return seats;
}
