/** A block of equal sections: `rows` rows of `seats` seats in each. Rows are lettered from the front, seats counted from 1. */
export interface Block {
  readonly tier: string;
  readonly prefix: string;
  readonly firstSection: number;
  readonly sections: number;
  readonly rows: number;
  readonly seats: number;
}

export const STADIUM_CAPACITY = 56_000;

/** The seats of Dodgers Stadium, from the field up. */
export const stadium: readonly Block[] = [
  { tier: 'field', prefix: 'Dugout ', firstSection: 1, sections: 4, rows: 3, seats: 14 },
  { tier: 'field', prefix: 'Field ', firstSection: 1, sections: 54, rows: 20, seats: 14 },
  { tier: 'loge', prefix: 'Loge ', firstSection: 101, sections: 56, rows: 12, seats: 16 },
  { tier: 'reserve', prefix: 'Reserve ', firstSection: 1, sections: 61, rows: 20, seats: 18 },
  { tier: 'top-deck', prefix: 'Top Deck ', firstSection: 1, sections: 20, rows: 20, seats: 20 },
];

export const seatsOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { sections, rows, seats }) => sum + sections * rows * seats, 0);

if (seatsOf(stadium) !== STADIUM_CAPACITY) {
  throw new Error(`stadium.ts: ${seatsOf(stadium)} seats drawn, ${STADIUM_CAPACITY} sold`);
}
