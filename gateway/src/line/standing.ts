/** Where a place stands, exactly, by Redis's clock. Times are epoch ms. */
export type Standing =
  /** `place` is 1 for the next to go; whoever is in a batch that is not yet recorded stands at 1. `waiting` counts everyone. */
  | { stage: 'waiting'; order: number; place: number; waiting: number }
  | { stage: 'offered'; turn: number; offeredAtMs: number; claimByMs: number }
  | { stage: 'shopping'; turn: number; sessionExpiresAtMs: number }
  | { stage: 'over'; turn: number; reason: OverReason };

export type OverReason = 'lapsed' | 'expired' | 'ordered' | 'left';

/** Reads what `lua/includes/standing.lua` writes; undefined is a place that is nowhere. */
export function standingOf(answer: readonly string[]): Standing | undefined {
  const [stage, first, second, third] = answer;
  switch (stage) {
    case 'waiting':
      return { stage, order: Number(first), place: Number(second), waiting: Number(third) };
    case 'offered':
      return { stage, turn: Number(first), offeredAtMs: Number(second), claimByMs: Number(third) };
    case 'shopping':
      return { stage, turn: Number(first), sessionExpiresAtMs: Number(second) };
    case 'over':
      return { stage, turn: Number(first), reason: second as OverReason };
    case 'none':
      return undefined;
    default:
      throw new Error(`a standing that no script writes: ${stage}`);
  }
}
