import type { Seat, SectionSeats } from './contract.ts';

/**
 * Every way to sit beside each other in a section, closest to the stage first: free seats that follow each other in a row, none
 * of them kept for wheelchair users.
 */
export function seatsTogether({ rows }: SectionSeats, quantity: number): number[][] {
  return rows.flatMap(({ seats }) =>
    seats.flatMap((_, at) => {
      const beside = seats.slice(at, at + quantity);
      return beside.length === quantity && beside.every(isFree)
        ? [beside.map(({ ticketId }) => ticketId)]
        : [];
    }),
  );
}

const isFree = ({ state, access }: Seat): boolean => state === 'free' && access === null;

/** Whether any seat of it may come back. */
export const anyHeld = ({ rows }: SectionSeats): boolean =>
  rows.some(({ seats }) => seats.some(({ state }) => state === 'held'));
