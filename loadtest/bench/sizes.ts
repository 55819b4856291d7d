import type { Bench } from './bench.ts';

/** Every flag that some bench takes a number by, as `parseArgs` wants them. */
export const sizeFlags = (benches: readonly Bench[]): Record<string, { type: 'string' }> =>
  Object.fromEntries(
    benches.flatMap(({ sizes = {} }) => Object.keys(sizes).map((name) => [name, { type: 'string' }])),
  );

/**
 * The sizes of one bench: as asked for, else as it has them.
 * @param asked by name; what is undefined was not asked for
 * @throws RangeError for what this bench has not, and for numbers that it does not take
 */
export function sizesOf(
  { name: bench, sizes = {} }: Pick<Bench, 'name' | 'sizes'>,
  asked: Readonly<Record<string, string | number | undefined>>,
  quick: boolean,
): Record<string, number> {
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined) continue;
    const size = sizes[name];
    if (size === undefined) throw new RangeError(`${bench} has no --${name}.`);
    const number = Number(value);
    if (!Number.isInteger(number) || number < size.least || number > size.most)
      throw new RangeError(`--${name} is a whole number from ${size.least} to ${size.most}: ${size.about}.`);
  }
  return Object.fromEntries(
    Object.entries(sizes).map(([name, { quick: ofQuick, full }]) => [
      name,
      Number(asked[name] ?? (quick ? ofQuick : full)),
    ]),
  );
}

/** For the usage: one line for each. */
export const sizeLines = (benches: readonly Bench[]): string[] =>
  benches.flatMap(({ name: bench, sizes = {} }) =>
    Object.entries(sizes).map(([name, { about }]) => `${`--${name} N`.padEnd(13)}  of ${bench}: ${about}`),
  );
