import type { Lane } from '@onsale/shared/lanes';

/** Where a place stands, exactly, by Redis's clock. Times are epoch ms. */
export type Standing =
  /**
   * `place` is 1 for the next to go of his lane, for whoever is in a batch that is not yet recorded, and for who was passed over
   * (`away`): he goes out first once he is there. 0: the line heals, and nobody has a place to tell. `waiting` counts everyone; `turn` is the one he waits for.
   */
  | {
      stage: 'waiting';
      order: number;
      place: number;
      waiting: number;
      lane: Lane;
      away: boolean;
      turn: number;
    }
  | { stage: 'offered'; turn: number; offeredAtMs: number; claimByMs: number }
  /** `device`: which the session belongs to (shared/src/ids.ts); undefined: the fan's own. `renewed`: it was given more time. */
  | {
      stage: 'shopping';
      turn: number;
      sessionExpiresAtMs: number;
      device: string | undefined;
      renewed: boolean;
    }
  | { stage: 'over'; turn: number; reason: OverReason };

export type Shopping = Extract<Standing, { stage: 'shopping' }>;

/** `removed` from the line, or its turn `revoked`, by an operator. */
export type OverReason = 'lapsed' | 'expired' | 'ordered' | 'left' | 'removed' | 'revoked';

/** Reads what `lua/includes/standing.lua` writes; undefined is a place that is nowhere. */
export function standingOf(answer: readonly string[]): Standing | undefined {
  const [stage, first, second, third, lane, away, turn] = answer;
  switch (stage) {
    case 'waiting':
      return {
        stage,
        order: Number(first),
        place: Number(second),
        waiting: Number(third),
        lane: lane as Lane,
        away: away === '1',
        turn: Number(turn),
      };
    case 'offered':
      return { stage, turn: Number(first), offeredAtMs: Number(second), claimByMs: Number(third) };
    case 'shopping':
      return {
        stage,
        turn: Number(first),
        sessionExpiresAtMs: Number(second),
        device: third || undefined,
        renewed: lane === '1',
      };
    case 'over':
      return { stage, turn: Number(first), reason: second as OverReason };
    case 'none':
      return undefined;
    default:
      throw new Error(`a standing that no script writes: ${stage}`);
  }
}
