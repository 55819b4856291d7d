import type { AuditReport } from '../audit/audit.ts';
import { invariants } from '../audit/invariants/index.ts';
import type { Promised } from './report.ts';

/** Rows shown of a broken promise; `bin/audit` shows more. */
const ROWS_SHOWN = 3;

/** What the audit found, promise by promise. */
export const promisesOf = ({ verdicts }: AuditReport): Promised[] =>
  verdicts.map(({ id, rule, promise, broken, breaches }) => ({
    id,
    promise: `${rule} ${promise}`,
    kept: broken === 0,
    detail:
      broken === 0
        ? ''
        : `${broken} times: ${breaches
            .slice(0, ROWS_SHOWN)
            .map((breach) => JSON.stringify(breach))
            .join(' ')}`,
  }));

/** Every promise, not looked at. */
export const notLooked = (why: string): Promised[] =>
  invariants.map(({ id, rule, promise }) => ({
    id,
    promise: `${rule} ${promise}`,
    kept: null,
    detail: `not looked: ${why}`,
  }));
