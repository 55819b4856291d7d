import type { CrowdResult } from './crowd.ts';
import type { Tally } from './tally.ts';

/** The line printed every second. */
export function progress({ phases, endings, admitted, tickets, faultCount }: Tally, seconds: number): string {
  const gone = endings.vanished + endings.gaveUp + endings.noShow + endings.declined + endings.turnsSpent;
  return [
    `${String(Math.round(seconds)).padStart(4)} s`,
    `waiting ${phases.waiting}`,
    `admitted ${admitted}`,
    `shopping ${phases.shopping}`,
    `bought ${endings.bought} (${tickets} tickets)`,
    `told sold out ${endings.toldSoldOut}`,
    `gone ${gone}`,
    `errors ${faultCount}`,
  ].join('  ');
}

/** What became of everyone, how long every operation took, and what went wrong. */
export function summary(result: CrowdResult): string {
  const { fans, seconds, endings, tickets, retries, reconnects, faults, latencies, ok } = result;
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(10) : String(cell).padStart(9))).join('');
  return [
    '',
    `${fans} fans in ${seconds} s: ${tickets} tickets bought; ${retries} requests repeated, ${reconnects} reconnects`,
    ...Object.entries(endings)
      .filter(([, count]) => count > 0)
      .map(([ending, count]) => `  ${ending.padEnd(12)} ${count}`),
    '',
    row(['ms', 'answers', 'p50', 'p95', 'p99', 'max']),
    ...Object.entries(latencies).map(([name, l]) => row([name, l.count, l.p50Ms, l.p95Ms, l.p99Ms, l.maxMs])),
    '',
    ...faults.map(({ fault, times }) => `  ${times} × ${fault}`),
    ok ? 'Everyone had an answer.' : 'FAILED: the sale left someone without an answer, or gave a wrong one.',
  ].join('\n');
}
