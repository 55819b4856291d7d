import type { Bench } from './bench.ts';
import { aligned } from './table.ts';

/** Every bench with how long it takes and the question it answers. */
export const listOf = (benches: readonly Bench[]): string =>
  aligned(
    [
      ['bench', 'quick', 'full', 'question'],
      ['', 'min', 'min', ''],
      ...benches.map(({ name, minutes, question }) => [
        name,
        String(minutes.quick),
        String(minutes.full),
        question,
      ]),
    ],
    [1, 2],
  ).join('\n');
