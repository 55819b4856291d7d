/** Amounts and times as people read them: pages in the language of the browser, mails in that of the house. */

/** An amount in minor units, with as many decimals as its currency has. */
export function moneyIn(locale: string | undefined, minor: number, currency: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** A showtime is said in the venue's time zone, whatever the reader's. */
export const showtimeIn = (locale: string | undefined, ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(ms);
