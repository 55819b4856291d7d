/** What the record of admissions says of a batch, as far as its order is judged. */
export interface Batch {
  readonly epoch: number;
  readonly places: ReadonlyArray<{
    readonly place: string;
    readonly turn: number;
    readonly order: number;
    readonly lane: string;
    /** Was passed over before, and back: out of order, first. */
    readonly back: boolean;
    readonly invitedAtMs: number | null;
  }>;
}

/**
 * Admissions that were nobody's turn: before somebody who stood ahead in the lane, twice for one turn, or a turn without the one
 * before it. Who had been passed over, and who changed lanes with an invitation, may come late (LINE-24).
 * @param batches the whole record, oldest first
 * @returns a sentence for each
 */
export function outOfTurn(batches: readonly Batch[]): string[] {
  const found: string[] = [];
  const turns = new Map<string, number>();
  const last = new Map<string, number>();
  for (const { epoch, places } of batches) {
    const inOrder = places.filter(({ back, invitedAtMs }) => !back && invitedAtMs === null);
    const reached = new Map<string, number>();
    for (const { place, order, lane } of inOrder) {
      const life = `${epoch}/${lane}`;
      if (order <= (last.get(life) ?? -1))
        found.push(`${place} was let in after others behind it in ${lane}`);
      reached.set(life, Math.max(reached.get(life) ?? -1, order));
    }
    for (const [life, order] of reached) last.set(life, Math.max(last.get(life) ?? -1, order));
    for (const { place, turn } of places) {
      if (turn !== (turns.get(place) ?? 0) + 1)
        found.push(`${place} was let in for turn ${turn} out of turn`);
      turns.set(place, turn);
    }
  }
  return found;
}
