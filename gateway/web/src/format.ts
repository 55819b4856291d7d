const locale = (): string | undefined => navigator.language || undefined;

/** An amount in minor units, with as many decimals as its currency has. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat(locale(), { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** Showtimes are said in the venue's time zone, whatever the reader's. */
export const dateTime = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat(locale(), {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(ms);

export const monthShort = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat(locale(), { timeZone, month: 'short' }).format(ms);
export const dayOfMonth = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat(locale(), { timeZone, day: 'numeric' }).format(ms);
export const timeOfDay = (ms: number): string =>
  new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit' }).format(ms);

/** A time that is left, as a clock shows it: 9:05. Whole seconds, rounded up, never negative. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const tail = `${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** A span in words: 12 seconds, 3 minutes. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute'];
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
