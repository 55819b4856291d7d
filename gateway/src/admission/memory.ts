import type { AdmissionReason, Room, Stock } from '@onsale/shared/http/internal';
import { Lane, lanes } from '@onsale/shared/lanes';
import { limits } from '@onsale/shared/limits';
import { z } from 'zod';
import type { Look } from '../line/look.ts';

/** Sums over the past that fade: what was counted one memory's length ago weighs 1/e. */
const Tally = z.object({
  /** Fans let in, and how many more of those whose turn came were passed over than came back. */
  admitted: z.record(Lane, z.number()),
  passed: z.number(),
  /** Slots that became free, and slots in use, times minutes. */
  freed: z.number(),
  slotMinutes: z.number(),
  /** Fans who gave up their place, and fans waiting, times minutes. */
  left: z.number(),
  waitMinutes: z.number(),
  /** Of the time when nothing but the rate held admission back: what the rate allowed, and who was let in. */
  allowed: z.number(),
  given: z.number(),
});
export type Tally = z.infer<typeof Tally>;

/**
 * What the ticks before this one saw: of a fixed size, kept in Redis beside the rate. Lost with it, and begun anew. Counts
 * go in by whole seconds, each once, whichever worker's tick it is.
 */
export const Memory = z.object({
  /** The last whole second whose admissions are in. */
  second: z.int(),
  /** At that moment: slots in use, fans passed over, fans who had left so far; and what bounded admission. */
  slots: z.int(),
  away: z.int(),
  left: z.int(),
  reason: z.string(),
  /** Share of the last seconds in which admission followed what others do with their tickets, or a core that was full. */
  stalled: z.number(),
  /** How often the slots in use were all freed, on average, since this began. */
  generations: z.number(),
  /** Since this began: fans let in; tickets sold at its beginning. */
  admitted: z.int(),
  soldBefore: z.int().nullable(),
  recent: Tally,
  long: Tally,
  /** What was last made of all this (estimates.ts): it stays as long as it is about right, so that nothing told flickers. */
  told: z.record(z.string(), z.number()).nullable(),
});
export type Memory = z.infer<typeof Memory>;

const nothing: Tally = {
  admitted: { priority: 0, returning: 0, general: 0 },
  passed: 0,
  freed: 0,
  slotMinutes: 0,
  left: 0,
  waitMinutes: 0,
  allowed: 0,
  given: 0,
};

/** @param text as Redis keeps it; what an older version wrote is forgotten */
export function memoryOf(text: string | undefined): Memory | undefined {
  if (text === undefined) return undefined;
  const read = Memory.safeParse(JSON.parse(text));
  return read.success ? read.data : undefined;
}

type Seen = Pick<Look, 'nowMs' | 'flow' | 'offers' | 'sessions' | 'away' | 'left' | 'inLanes'> & {
  room: Pick<Room, 'ratePerMinute'>;
};

/** The memory after this look. The same look twice, or a look of the same second, adds nothing. */
export function remember(
  before: Memory | undefined,
  look: Seen,
  { reason, stock }: { reason: AdmissionReason; stock: Pick<Stock, 'sold'> | undefined },
): Memory {
  const second = Math.floor(look.nowMs / 1_000) - 1;
  const slots = look.offers + look.sessions;
  const now = { second, slots, away: look.away, left: look.left, reason };
  const stalls = reason === 'stock' || reason === 'pressure' ? 1 : 0;
  const soldBefore = before?.soldBefore ?? stock?.sold ?? null;
  if (before === undefined) {
    const begun = { generations: 0, admitted: 0, recent: nothing, long: nothing, told: null };
    return { ...now, ...begun, stalled: stalls, soldBefore };
  }
  const seconds = second - before.second;
  if (seconds <= 0) return { ...before, soldBefore };
  // The flow reaches back a minute: of a longer silence nothing can be said.
  if (seconds > 60) return { ...before, ...now, soldBefore };

  const spanMs = seconds * 1_000;
  const seen = seenIn(before, look, now);
  const admitted = admittedIn(seen);
  return {
    ...now,
    stalled: stalls + (before.stalled - stalls) * Math.exp(-spanMs / limits.paceStallMs),
    generations: before.generations + Math.max(0, seen.freed) / Math.max(1, slots, before.slots),
    admitted: before.admitted + admitted,
    soldBefore,
    recent: added(before.recent, seen, Math.exp(-spanMs / limits.paceRecentMs)),
    long: added(before.long, seen, Math.exp(-spanMs / limits.paceLongMs)),
    told: before.told,
  };
}

/** What happened in the seconds since. */
function seenIn(
  before: Memory,
  { flow, inLanes, room }: Seen,
  now: Pick<Memory, 'second' | 'slots' | 'away' | 'left' | 'reason'>,
): Tally {
  const minutes = (now.second - before.second) / 60;
  const seconds = flow.filter(({ atMs }) => atMs > before.second * 1_000 && atMs <= now.second * 1_000);
  const of = (lane: Lane): number => seconds.reduce((sum, one) => sum + one[lane], 0);
  const admitted = { priority: of('priority'), returning: of('returning'), general: of('general') };
  const all = admittedIn({ admitted });
  const byRate = now.reason === 'rate' && before.reason === 'rate';
  return {
    admitted,
    passed: now.away - before.away,
    freed: all - (now.slots - before.slots),
    slotMinutes: ((now.slots + before.slots) / 2) * minutes,
    left: Math.max(0, now.left - before.left),
    waitMinutes: inLanes * minutes,
    allowed: byRate ? room.ratePerMinute * minutes : 0,
    given: byRate ? all : 0,
  };
}

function added(tally: Tally, seen: Tally, kept: number): Tally {
  const { admitted, ...rest } = seen;
  const sum: Tally = { ...rest, admitted: { ...admitted } };
  for (const what of Object.keys(rest) as (keyof typeof rest)[]) sum[what] += tally[what] * kept;
  for (const lane of lanes) sum.admitted[lane] += tally.admitted[lane] * kept;
  return sum;
}

/** Fans let in, by all lanes. */
export const admittedIn = ({ admitted }: Pick<Tally, 'admitted'>): number =>
  lanes.reduce((sum, lane) => sum + admitted[lane], 0);
