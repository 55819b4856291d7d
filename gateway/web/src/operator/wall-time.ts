const minuteMs = 60_000;

/** What a clock on a wall in that zone shows at that moment, to the minute, as an `<input type="datetime-local">` has it. */
export function wallTimeOf(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/**
 * The moment at which a clock in that zone shows this. Where clocks are put back it shows it twice: the first of the two. Null
 * of what is no time, and of one that is skipped when clocks are put forward.
 */
export function momentOf(wallTime: string, timeZone: string): number | null {
  const asUtcMs = Date.parse(`${wallTime}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wallTime) || Number.isNaN(asUtcMs)) return null;
  // Zones are at most 14 hours from UTC and change by at most a few hours: one of these two offsets is the one.
  const offsets = [asUtcMs - 24 * 60 * minuteMs, asUtcMs + 24 * 60 * minuteMs].map(
    (ms) => Date.parse(`${wallTimeOf(ms, timeZone)}Z`) - ms,
  );
  const moments = offsets.map((offset) => asUtcMs - offset);
  const shown = moments.filter((ms) => wallTimeOf(ms, timeZone) === wallTime);
  return shown.length === 0 ? null : Math.min(...shown);
}
