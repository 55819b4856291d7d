import { z } from 'zod';

/**
 * The classes of places: general; priority, with an invitation; returning, for missed offers and lost sessions. Each has an
 * order and a share of admissions of its own; the general lane has what the shares of the others leave.
 */
export const lanes = ['priority', 'returning', 'general'] as const;
export const Lane = z.enum(lanes);
export type Lane = z.infer<typeof Lane>;
