import type { Proposal, Verdict } from './claim.ts';

/**
 * Judges a batch whose proposals may name the same ticket, which claim_holds must not be given: chosen seats, and seats
 * from different lists. The first who named it is judged first. Once he holds it, the others' candidates are lost, which a
 * later judgement says, with everything else that is to be said of them; else they go on to the next one.
 */
export async function judgeApart(
  batch: readonly Proposal[],
  judge: (batch: readonly Proposal[]) => Promise<readonly Verdict[]>,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const held = new Set<number>();
  let waiting = batch.map((proposal, at) => ({ proposal, at }));
  while (waiting.length > 0) {
    const named = new Set<number>();
    const [now, later]: [typeof waiting, typeof waiting] = [[], []];
    for (const one of waiting) {
      const { candidates } = one.proposal;
      if (candidates.some((id) => held.has(id))) {
        now.push({ at: one.at, proposal: { ...one.proposal, candidates: [] } });
      } else if (candidates.some((id) => named.has(id))) later.push(one);
      else {
        for (const id of candidates) named.add(id);
        now.push(one);
      }
    }
    const judged = await judge(now.map(({ proposal }) => proposal));
    for (const [n, { at, proposal }] of now.entries()) {
      const verdict = judged[n]!;
      verdicts[at] = verdict;
      if (later.length > 0 && verdict.outcome === 'held') for (const id of proposal.candidates) held.add(id);
    }
    waiting = later;
  }
  return verdicts;
}
