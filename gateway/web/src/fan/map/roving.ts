/** A place in a grid whose rows may be of different lengths, counted from 0. */
export interface At {
  readonly row: number;
  readonly seat: number;
}

/**
 * Where a key leads in a grid: arrows by one, Home and End within the row, with Control to the first and last row.
 * @param lengths seats of each row
 * @returns null for keys that are none of the grid's.
 */
export function rove(at: At, key: string, control: boolean, lengths: readonly number[]): At | null {
  const step = stepOf(at, key, control, lengths);
  return step === null ? null : within(step, lengths);
}

function stepOf({ row, seat }: At, key: string, control: boolean, lengths: readonly number[]): At | null {
  switch (key) {
    case 'ArrowLeft':
      return { row, seat: seat - 1 };
    case 'ArrowRight':
      return { row, seat: seat + 1 };
    case 'ArrowUp':
      return { row: row - 1, seat };
    case 'ArrowDown':
      return { row: row + 1, seat };
    case 'Home':
      return { row: control ? 0 : row, seat: 0 };
    case 'End':
      return { row: control ? lengths.length - 1 : row, seat: Number.MAX_SAFE_INTEGER };
    default:
      return null;
  }
}

/** The nearest place that there is. */
export function within({ row, seat }: At, lengths: readonly number[]): At {
  const inRow = Math.min(Math.max(row, 0), lengths.length - 1);
  return { row: inRow, seat: Math.min(Math.max(seat, 0), (lengths[inRow] ?? 1) - 1) };
}
