import { t } from './texts.ts';
import { momentOf } from './wall-time.ts';

export const whens = ['opensAtMs', 'endsAtMs'] as const;
export type When = (typeof whens)[number];
export type Schedule = Readonly<Record<When, number | null>>;

/** What an operator wrote, as moments; an empty field is no moment. What is not being edited stays as it is. */
export function scheduleIn(
  now: Schedule,
  draft: Partial<Record<When, string>>,
  timeZone: string,
): { readonly moments: Schedule; readonly faults: Partial<Record<When, string>> } {
  const faults: Partial<Record<When, string>> = {};
  const moment = (when: When): number | null => {
    const text = draft[when];
    if (text === undefined) return now[when];
    if (text === '') return null;
    const ms = momentOf(text, timeZone);
    if (ms === null) faults[when] = t.schedule.noTime;
    return ms;
  };
  const moments = { opensAtMs: moment('opensAtMs'), endsAtMs: moment('endsAtMs') };
  const { opensAtMs, endsAtMs } = moments;
  if (opensAtMs !== null && endsAtMs !== null && endsAtMs <= opensAtMs) faults.endsAtMs = t.schedule.order;
  return { moments, faults };
}
