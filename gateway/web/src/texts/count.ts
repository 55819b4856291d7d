const plural = new Intl.PluralRules('en');
const format = new Intl.NumberFormat('en');

export const number = (n: number): string => format.format(n);
export const count = (n: number, one: string, many: string): string =>
  `${number(n)} ${plural.select(n) === 'one' ? one : many}`;
export const tickets = (n: number): string => count(n, 'ticket', 'tickets');
