const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How far off a moment is, in one unit that suits: in 3 days, 2 hours ago. */
export function aheadInWords(ms: number): string {
  const [unit, unitMs] = units.find(([, size]) => Math.abs(ms) >= 2 * size) ?? units[2];
  return new Intl.RelativeTimeFormat(navigator.language || undefined).format(Math.round(ms / unitMs), unit);
}
