import { count, number } from './texts/count.ts';
import { before, line } from './texts/line.ts';
import { pages } from './texts/pages.ts';
import { shop } from './texts/shop.ts';

/**
 * Every word that fans are told, in English; those of the seat map come with it (fan/map/words.ts), those of operators with
 * the desk (operator/texts.ts). Another language is another set of modules of this shape.
 */
export const t = {
  brand: 'Onsale',
  skip: 'Skip to content',
  footer: 'Fans are let in in the order of the line.',
  count,
  number,
  ...before,
  ...line,
  ...shop,
  ...pages,
};
