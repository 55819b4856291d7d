import type { Odds, WaitRange } from '@onsale/shared/http/line';
import { count } from './count.ts';

/** Times are said in steps of this many minutes, up to so many: a longer wait is known less exactly. */
const steps = [
  { upTo: 20, step: 1 },
  { upTo: 60, step: 5 },
  { upTo: 240, step: 15 },
  { upTo: Number.POSITIVE_INFINITY, step: 60 },
] as const;

const minuteMs = 60_000;

/** A wait as exactly as it is known: its bounds, rounded outwards, so that what is shown never promises more than was meant. */
export function wait({ fromMs, toMs }: WaitRange): string {
  const { step } = steps.find(({ upTo }) => toMs <= upTo * minuteMs)!;
  const from = Math.floor(fromMs / minuteMs / step) * step;
  const to = Math.max(1, Math.ceil(toMs / minuteMs / step) * step);
  if (from === 0) return to === 1 ? 'Less than a minute' : `Up to ${minutes(to)}`;
  if (from === to) return `About ${minutes(to)}`;
  // One unit for both, where both have it.
  if (to < 90) return `${from} to ${count(to, 'minute', 'minutes')}`;
  if (from % 60 === 0 && to % 60 === 0) return `${from / 60} to ${count(to / 60, 'hour', 'hours')}`;
  return `${minutes(from)} to ${minutes(to)}`;
}

function minutes(n: number): string {
  if (n < 90) return count(n, 'minute', 'minutes');
  const rest = n % 60;
  return `${count(Math.floor(n / 60), 'hour', 'hours')}${rest === 0 ? '' : ` ${rest} min`}`;
}

/** How likely it is that tickets are left, in words and in the step it is known to. */
export function odds({ bound, percent }: Odds): { readonly words: string; readonly percent: string } {
  if (bound === 'under') return { words: 'Very unlikely', percent: `under ${percent} %` };
  if (bound === 'over') return { words: 'Very likely', percent: `over ${percent} %` };
  return { words: likely(percent), percent: `about ${percent} %` };
}

function likely(percent: number): string {
  if (percent < 25) return 'Unlikely';
  if (percent < 45) return 'Less likely than not';
  if (percent <= 55) return 'As likely as not';
  return percent <= 75 ? 'More likely than not' : 'Likely';
}
