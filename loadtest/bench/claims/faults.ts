import type { Books, Sale } from '../../baselines/strategy.ts';
import type { Rush } from './rush.ts';

/** What a run broke of the promises, in words; nothing when the database and the buyers agree. */
export function faultsOf(books: Books, sale: Sale, told: Rush): string[] {
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [books.held <= sale.capacity, `${books.held} of ${sale.capacity} tickets are held: oversold`],
    [
      books.held + books.left === sale.capacity,
      `${books.held} held and ${books.left} left are not the ${sale.capacity} there are`,
    ],
    [books.heldTwice === 0, `${books.heldTwice} tickets are in two holds`],
    [books.overLimit === 0, `${books.overLimit} buyers are over the limit`],
    [
      books.holds === told.holds && books.held === told.tickets,
      `buyers were told of ${told.holds} holds with ${told.tickets} tickets, the database has ${books.holds} with ${books.held}`,
    ],
    [!told.soldOut || books.left === 0, `"sold out" was said while ${books.left} tickets were left`],
    [told.wrongAnswers === 0, `${told.wrongAnswers} repeats or limits were answered wrongly`],
  ];
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault);
}
