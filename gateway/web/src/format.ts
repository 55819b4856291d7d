import { moneyIn, showtimeIn } from '@onsale/shared/words';

const locale = (): string | undefined => navigator.language || undefined;

export const money = (minor: number, currency: string): string => moneyIn(locale(), minor, currency);
export const dateTime = (ms: number, timeZone: string): string => showtimeIn(locale(), ms, timeZone);

export const monthShort = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat(locale(), { timeZone, month: 'short' }).format(ms);
export const dayOfMonth = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat(locale(), { timeZone, day: 'numeric' }).format(ms);
/** A moment in this device's time, as short as it is still clear. */
export const dayAndTime = (ms: number): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
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
