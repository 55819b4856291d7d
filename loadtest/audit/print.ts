import { type AuditReport, BREACHES_SHOWN, type Verdict } from './audit.ts';

/** The report as people read it: a line a promise, and below each broken one the rows that break it. */
export function printed({ events, atRest, clean, verdicts }: AuditReport): string {
  const broken = verdicts.filter((verdict) => verdict.broken > 0).length;
  return [
    `Audit of ${events.join(', ')}${atRest ? '' : ' (while it runs)'}`,
    ...verdicts.flatMap(linesOf),
    clean ? `clean: ${verdicts.length} promises kept` : `BROKEN: ${broken} of ${verdicts.length} promises`,
  ].join('\n');
}

function linesOf({ id, rule, promise, broken, breaches }: Verdict): string[] {
  if (broken === 0) return [`  ok      ${rule.padEnd(8)} ${id.padEnd(24)} ${promise}`];
  const rows = breaches.map((breach) => `            ${JSON.stringify(breach)}`);
  const more = broken > BREACHES_SHOWN ? [`            … and ${broken - BREACHES_SHOWN} more`] : [];
  return [`  BROKEN  ${rule.padEnd(8)} ${id.padEnd(24)} ${promise}: ${broken}`, ...rows, ...more];
}
