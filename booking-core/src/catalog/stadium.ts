/**
 * A block of equal sections: `rows` rows of `seats` seats in each. Rows are lettered from the front, seats counted from 1.
 * `distance` is the rank of the first row; every row behind it is one further. So many sections (`accessible`), evenly
 * spread, have two wheelchair spaces between their two companion seats at the aisle of the last row, where no step leads.
 */
export interface Block {
  readonly tier: string;
  readonly prefix: string;
  readonly firstSection: number;
  readonly sections: number;
  readonly rows: number;
  readonly seats: number;
  readonly distance: number;
  readonly accessible: number;
}

export const STADIUM_CAPACITY = 56_000;

/** The seats of Dodgers Stadium, from the field up; 560 of them, one in a hundred, are accessible. */
export const stadium: readonly Block[] = [
  {
    tier: 'field',
    prefix: 'Dugout ',
    firstSection: 1,
    sections: 4,
    rows: 3,
    seats: 14,
    distance: 1,
    accessible: 0,
  },
  {
    tier: 'field',
    prefix: 'Field ',
    firstSection: 1,
    sections: 54,
    rows: 20,
    seats: 14,
    distance: 4,
    accessible: 38,
  },
  {
    tier: 'loge',
    prefix: 'Loge ',
    firstSection: 101,
    sections: 56,
    rows: 12,
    seats: 16,
    distance: 24,
    accessible: 27,
  },
  {
    tier: 'reserve',
    prefix: 'Reserve ',
    firstSection: 1,
    sections: 61,
    rows: 20,
    seats: 18,
    distance: 36,
    accessible: 55,
  },
  {
    tier: 'top-deck',
    prefix: 'Top Deck ',
    firstSection: 1,
    sections: 20,
    rows: 20,
    seats: 20,
    distance: 56,
    accessible: 20,
  },
];

export const seatsOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { sections, rows, seats }) => sum + sections * rows * seats, 0);

if (seatsOf(stadium) !== STADIUM_CAPACITY) {
  throw new Error(`stadium.ts: ${seatsOf(stadium)} seats drawn, ${STADIUM_CAPACITY} sold`);
}
