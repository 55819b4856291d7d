import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { limits } from '@onsale/shared/limits';
import { t } from './texts.ts';

export type FieldName = 'ratePerMinute' | 'capacity' | 'claimWindowMs' | 'sessionTtlMs' | 'holdTtlMs';
export type Draft = Partial<Record<FieldName, string>>;
export type Shown = Pick<OperatorRoom['policy'], Exclude<FieldName, 'holdTtlMs'>> & {
  readonly holdTtlMs: number | null;
};

type Bound<Name extends keyof typeof limits> = (typeof limits)[Name];
// As in the contract, which the type checker compares: its module would bring more into the page than these numbers.
const rateMax: Bound<'ratePerMinuteMax'> = 600_000;
const capacityMax: Bound<'capacityMax'> = 1_000_000;
const claimWindowMaxMs: Bound<'claimWindowMaxMs'> = 3_600_000;
const sessionTtlMaxMs: Bound<'sessionTtlMaxMs'> = 14_400_000;
const holdTtlMaxMs: Bound<'holdTtlMaxMs'> = 3_600_000;

const { rate, rateUnit, capacity, capacityUnit, claimWindow, sessionTtl, holdTtl, seconds } = t.operator;

/** What an operator edits: in which unit, and within which bounds in that unit. */
export const fields: readonly {
  readonly name: FieldName;
  readonly label: string;
  readonly unit: string;
  readonly perUnit: number;
  readonly min: number;
  readonly max: number;
}[] = [
  { name: 'ratePerMinute', label: rate, unit: rateUnit, perUnit: 1, min: 0, max: rateMax },
  { name: 'capacity', label: capacity, unit: capacityUnit, perUnit: 1, min: 0, max: capacityMax },
  {
    name: 'claimWindowMs',
    label: claimWindow,
    unit: seconds,
    perUnit: 1_000,
    min: 1,
    max: claimWindowMaxMs / 1_000,
  },
  {
    name: 'sessionTtlMs',
    label: sessionTtl,
    unit: seconds,
    perUnit: 1_000,
    min: 1,
    max: sessionTtlMaxMs / 1_000,
  },
  { name: 'holdTtlMs', label: holdTtl, unit: seconds, perUnit: 1_000, min: 1, max: holdTtlMaxMs / 1_000 },
];

/** The room as the form shows it. */
export function draftOf(shown: Shown): Record<FieldName, string> {
  const entries = fields.map(({ name, perUnit }) => {
    const value = shown[name];
    return [name, value === null ? '' : String(value / perUnit)];
  });
  return Object.fromEntries(entries) as Record<FieldName, string>;
}

/** What the operator wrote that is not so already. */
export function changedIn(draft: Draft, shown: Shown): Draft {
  const now = draftOf(shown);
  const entries = Object.entries(draft).filter(([name, text]) => text.trim() !== now[name as FieldName]);
  return Object.fromEntries(entries);
}

export function faultsOf(draft: Draft): Draft {
  const faults: Draft = {};
  for (const { name, min, max } of fields) {
    const text = draft[name]?.trim();
    if (text === undefined) continue;
    if (!/^\d+$/.test(text) || Number(text) < min || Number(text) > max) {
      faults[name] = t.operator.wrong(min, max);
    }
  }
  return faults;
}
