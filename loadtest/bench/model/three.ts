import { interleave } from '../rounds.ts';
import type { Sizes } from './law.ts';

/** The rounds of three sizes, one after the other in turn. The first round is not counted. */
export async function inThree<Value>(
  sizes: Sizes,
  rounds: number,
  measure: (size: number, round: number) => Promise<Value>,
): Promise<[Value[], Value[], Value[]]> {
  const contenders = sizes.map((size) => ({
    name: String(size),
    run: (round: number) => measure(size, round),
  }));
  const told = await interleave(contenders, { rounds, warmUps: 1 });
  const [first, second, third] = contenders.map(({ name }) => told.get(name)!);
  return [first!, second!, third!];
}

/** One figure out of several that were measured together. */
export const each = <Value>(
  [first, second, third]: readonly [Value[], Value[], Value[]],
  of: (value: Value) => number,
): [number[], number[], number[]] => [first.map(of), second.map(of), third.map(of)];
