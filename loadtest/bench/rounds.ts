/** One that is compared with others: a run gives one value. */
export interface Contender<Value> {
  readonly name: string;
  run(round: number): Promise<Value>;
}

/** Who runs when: every round has everyone once, and each round begins with another. */
export function orderOf<T>(contenders: readonly T[], round: number): T[] {
  const first = round % Math.max(1, contenders.length);
  return [...contenders.slice(first), ...contenders.slice(0, first)];
}

/**
 * Runs all contenders in turn, round after round, so that what the machine does meanwhile hits all alike.
 * Rounds below `warmUps` are run and forgotten.
 * @returns of each name the values of the rounds that count, in their order.
 */
export async function interleave<Value>(
  contenders: ReadonlyArray<Contender<Value>>,
  { rounds, warmUps }: { rounds: number; warmUps: number },
): Promise<Map<string, Value[]>> {
  const values = new Map<string, Value[]>(contenders.map(({ name }) => [name, []]));
  if (values.size !== contenders.length) throw new RangeError('Two contenders have the same name.');
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const contender of orderOf(contenders, round)) {
      const value = await contender.run(round);
      if (round >= warmUps) values.get(contender.name)!.push(value);
    }
  }
  return values;
}
