import { bounds } from './bounds.ts';

/**
 * How far another clock is ahead of ours: of several questions the one that was answered soonest, for the moment that an answer tells
 * of lies somewhere between asking and hearing.
 * @param ask the other's time, in ms @returns `withinMs`: how far the truth may lie from it
 */
export async function clockOf(ask: () => Promise<number>): Promise<{ aheadMs: number; withinMs: number }> {
  const answers: Array<{ aheadMs: number; withinMs: number }> = [];
  for (let asked = 0; asked < bounds.clockLooks; asked += 1) {
    const askedAtMs = Date.now();
    const theirsMs = await ask();
    const withinMs = (Date.now() - askedAtMs) / 2;
    answers.push({ aheadMs: Math.round(theirsMs - askedAtMs - withinMs), withinMs });
  }
  return answers.reduce((best, answer) => (answer.withinMs < best.withinMs ? answer : best));
}
