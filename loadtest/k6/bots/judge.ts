import { type KindName, kinds } from './kinds.ts';

/** What a bot was answered. */
export interface Answer {
  /** 0: nobody answered. */
  readonly status: number;
  /** The problem's code, or what came of it in the word of its kind. */
  readonly code: string;
}

/**
 * `refused` by the check it was aimed at; `breach`: it got through; `limited`: something in front had enough of this bot, and the
 * check was not reached; `unexpected`: neither, which says nothing of the check.
 */
export type Verdict = 'refused' | 'breach' | 'limited' | 'unexpected';

export function judge(kind: KindName, { status, code }: Answer): Verdict {
  const refusals: readonly string[] = kinds[kind].refusals;
  if (refusals.includes(code)) return 'refused';
  if (status === 429) return 'limited';
  return status >= 200 && status < 400 ? 'breach' : 'unexpected';
}
