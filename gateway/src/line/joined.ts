import { type Standing, standingOf } from './standing.ts';

export interface Join {
  readonly place: string;
  /** Where a new place may stand; a missed offer or lost session leads to the returning lane all the same. */
  readonly lane?: 'general' | 'priority' | undefined;
  /** The place's number in a draw (shared/src/draw.ts); used only before the doors open. */
  readonly drawn?: number | undefined;
}

export interface JoinAnswer {
  /**
   * `there`: he has a place, an offer or a session already. `spent`: he was let in as often as an event allows. `removed`: an
   * operator took him out of this line.
   */
  outcome: 'new' | 'there' | 'spent' | 'removed' | 'closed' | 'unknownRoom' | 'lost';
  /** Of the line; 0 when it was lost and nobody has begun to heal it. */
  epoch: number;
  /** Exact. Absent when he is nowhere: the room is closed or not known here. */
  standing?: Standing;
  /** Nobody else waits and a slot is free: a tick right now would let him in. */
  mayWake: boolean;
}

/** Reads what `lua/join.lua` writes of one join. */
export function joinAnswerOf(text: string): JoinAnswer {
  const [outcome, wake, epoch, ...where] = text.split(' ');
  const standing = standingOf(where);
  return {
    outcome: outcome as JoinAnswer['outcome'],
    mayWake: wake === '1',
    epoch: Number(epoch),
    ...(standing === undefined ? {} : { standing }),
  };
}
