import { EventId } from '@onsale/shared/ids';
import { z } from 'zod';

const odds = z.number().min(0).max(1);
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** What a crowd is told. Odds are per fan; times are milliseconds. */
export const CrowdOptions = z
  .object({
    url: z.url().describe('The front door'),
    event: EventId,
    fans: z.int().min(1).max(100_000),
    seed: z.int().default(1),
    arrivalMs: z.int().min(0).default(5_000).describe('The fans come within this time, evenly'),
    thinkMs: z.int().min(0).default(300).describe('Mean pause before each thing a shopper does'),
    vanish: odds.default(0).describe('Holds tickets and is never seen again'),
    giveUp: odds.default(0).describe('Leaves on purpose, half of them in the line, half with a hold'),
    noShow: odds.default(0).describe('Does not come when it is his turn'),
    decline: odds.default(0).describe('Has a card that is declined at first'),
    poll: odds.default(0).describe('Asks for the status instead of keeping a socket'),
    rejoin: odds.default(0.05).describe('Joins a second time while waiting'),
    withinMs: z.int().min(1).default(600_000).describe('When every fan must have had his ending'),
    elsewhere: z.boolean().default(false).describe('The target may be another machine'),
  })
  .refine(({ url, elsewhere }) => elsewhere || loopback.has(new URL(url).hostname), {
    message: 'not an address of this machine; a crowd is only sent elsewhere when told so (--elsewhere)',
    path: ['url'],
  });
export type CrowdOptions = z.output<typeof CrowdOptions>;
export type CrowdInput = z.input<typeof CrowdOptions>;
