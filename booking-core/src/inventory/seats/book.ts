import { oneAtATime } from '../../service/flight.ts';
import type { Free } from './free.ts';
import type { Layout } from './layout.ts';
import { type Sides, sidesOf } from './sides.ts';
import { type View, viewOf } from './view.ts';
import { type Picker, pick, type Wish } from './wish.ts';

/** What became of seats that were set aside: in a hold now; not free; or not needed, the hold was refused for another reason. */
export type Became = 'held' | 'lost' | 'unused';

/** The database's word: what is free, and the seats as they were then, nothing set aside. */
export interface Read {
  readonly free: Free;
  readonly view: View;
}

/**
 * The seats of one event that this process believes free. A hint and no more: what another process took, what ran out or
 * was released is seen at the next reload. What is on its way to the database is set aside, so that this process never
 * proposes it twice.
 */
export interface SeatBook {
  readonly layout: Layout;
  /** Ticket ids of the best seats, set aside until they are settled. Undefined: no such are known. */
  pick(wish: Wish): readonly number[] | undefined;
  /** Sets aside seats that a fan chose, whether they are believed free or not. */
  setAside(tickets: readonly number[]): void;
  settle(tickets: readonly number[], became: Became): void;
  /** Where this process picks, when others sell the same event. */
  readonly sides: Pick<Sides, 'steps' | 'stepAside'>;
  /** The database said that these are free. */
  free(tickets: readonly number[]): void;
  /** Reads the seats anew; the answer is never older than the call. Many callers share one read. */
  reload(): Promise<Read>;
}

export function readOf(layout: Layout, free: Free): Read {
  const open = new Uint8Array(layout.ids.length);
  for (const id of free.ids) open[layout.indexOf.get(id)!] = 1;
  return { free, view: viewOf(layout, open) };
}

/**
 * @param readFree what is free
 * @param choose how seats are picked: the bench compares ours with another
 */
export function seatBook(layout: Layout, readFree: () => Promise<Free>, choose: Picker = pick): SeatBook {
  const seatsOf = (tickets: readonly number[]): number[] =>
    tickets.flatMap((id) => layout.indexOf.get(id) ?? []);
  const believedFree = new Uint8Array(layout.ids.length);
  /** How many proposals on their way have the seat. */
  const aside = new Uint16Array(layout.ids.length);
  const view = viewOf(layout, new Uint8Array(layout.ids.length));
  /** Seats that something happened to while a read was under way: the read may not have seen it. */
  let touched: Set<number> | undefined;

  const show = (seats: readonly number[]): void => {
    const open = (seat: number): boolean => believedFree[seat] === 1 && aside[seat] === 0;
    view.put(seats.filter(open), 1);
    view.put(
      seats.filter((seat) => !open(seat)),
      0,
    );
  };
  const move = (seats: readonly number[], by: 1 | -1): void => {
    for (const seat of seats) aside[seat]! += by;
    for (const seat of seats) touched?.add(seat);
    show(seats);
  };

  const sides = sidesOf(layout);

  const reload = oneAtATime(async () => {
    const during = new Set<number>();
    for (const [seat, proposals] of aside.entries()) if (proposals > 0) during.add(seat);
    touched = during;
    try {
      const read = readOf(layout, await readFree());
      const changed: number[] = [];
      for (const [seat, is] of read.view.open.entries()) {
        if (is === believedFree[seat] || during.has(seat)) continue;
        believedFree[seat] = is;
        changed.push(seat);
      }
      show(changed);
      return read;
    } finally {
      touched = undefined;
    }
  });

  return {
    layout,
    sides,
    pick(wish) {
      const seats = choose(view, wish, sides.own());
      if (seats === undefined) return undefined;
      move(seats, 1);
      return seats.map((seat) => layout.ids[seat]!);
    },
    setAside: (tickets) => move(seatsOf(tickets), 1),
    settle(tickets, became) {
      const seats = seatsOf(tickets);
      // Lost: which of them is not known. None is proposed again before a reload says that it is free.
      if (became !== 'unused') for (const seat of seats) believedFree[seat] = 0;
      move(seats, -1);
    },
    free(tickets) {
      const seats = seatsOf(tickets);
      for (const seat of seats) believedFree[seat] = 1;
      for (const seat of seats) touched?.add(seat);
      show(seats);
    },
    reload,
  };
}
