import { Refusal } from '@onsale/shared/errors';
import type { Count } from '../inventory/stock.ts';
import type { Claim, Verdict } from './claim.ts';

const mayTake = ({ buyerLimit, had }: Verdict): number => Math.max(0, buyerLimit - had);

/** Too few of the tier are free. What is held by others may come back; when all is sold, nothing will. */
export function notEnough(claim: Claim, verdict: Verdict, { free, held }: Count): Refusal {
  const numbers = { free, held, buyerMayTake: mayTake(verdict) };
  if (free + held === 0) {
    return new Refusal('soldOut', { ...numbers, detail: 'Every ticket of this tier is sold.' });
  }
  return new Refusal('notEnough', {
    ...numbers,
    detail: `${claim.quantity} asked for, ${free} free, ${held} held by others.`,
  });
}

export function overLimit(verdict: Verdict, { free, held }: Count): Refusal {
  return new Refusal('buyerLimit', {
    free,
    held,
    buyerMayTake: mayTake(verdict),
    detail: `One buyer may take ${verdict.buyerLimit} tickets; this one has ${verdict.had}.`,
  });
}
