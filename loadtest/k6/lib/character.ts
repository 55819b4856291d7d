import { chance, type Random } from './seeded.ts';

/** What a fan will do, decided before he comes. */
export interface Character {
  /** Is let in and does not come. */
  readonly noShow: boolean;
  /** Goes before he has bought. `says`: he leaves as the page does; else he is just never seen again. */
  readonly dropsOut: { readonly from: 'line' | 'hold'; readonly says: boolean } | undefined;
}

/** @param odds fractions of the fans. */
export function characterOf(random: Random, odds: { noShow: number; dropOut: number }): Character {
  const noShow = chance(random, odds.noShow);
  // Drawn whatever comes before it, so that one option does not change who another falls on.
  const [goes, from, says] = [chance(random, odds.dropOut), chance(random, 0.5), chance(random, 0.5)];
  return { noShow, dropsOut: goes ? { from: from ? 'line' : 'hold', says } : undefined };
}
