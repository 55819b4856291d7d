import { Refusal } from '@onsale/shared/errors';
import type { BestChoice, HoldRequest, SeatChoice } from '@onsale/shared/http/holds';
import { printOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import type { CatalogEvent } from '../catalog/catalog.ts';
import { COMPANION, type Layout, WHEELCHAIR } from '../inventory/seats/layout.ts';
import { leftOf, type Stock } from '../inventory/stock.ts';
import { each } from '../service/flight.ts';
import type { Claim, Verdict } from './claim.ts';
import type { Claimer } from './claimer.ts';
import { overLimit, refuseOutright } from './refusals.ts';
import type { SeatClaimer } from './seat-claimer.ts';

/** Who asks: a claim but for what it is for. */
export type Asker = Omit<Claim, 'quantity' | 'print'>;

export interface AskParts {
  readonly claimer: Claimer;
  readonly seatClaimer: SeatClaimer;
  readonly stock: Stock;
}

/**
 * Takes the tickets that are asked for, all or none, in one of the three ways.
 * @returns the verdict `held`, or `replay` with the hold as it is now.
 * @throws Refusal tierUnknown, ticketUnknown, accessOnly, seatsTaken, notTogether, notEnough, soldOut, buyerLimit,
 *   idempotencyMismatch, eventCancelled, sessionOver, overloaded
 */
export async function askFor(
  parts: AskParts,
  event: CatalogEvent,
  asked: HoldRequest,
  asker: Asker,
): Promise<Verdict> {
  if ('tierId' in asked) return askForTier(parts, event, asked.tierId, asked.quantity, asker);
  const verdict =
    'seats' in asked
      ? await askForSeats(parts, event, asked, asker)
      : await askForBest(parts, event, asked, asker);
  refuseOutright(verdict);
  if (verdict.outcome === 'limit') {
    throw overLimit(verdict, leftOf(await parts.stock(event.id, limits.refusalStockMaxAgeMs)));
  }
  return verdict;
}

/** The print of a request by tier and quantity. There are few, and each is asked for a thousand times a second. */
export const printOfTier = (tierId: string, quantity: number): Buffer => tierPrints(`${tierId}/${quantity}`);
const tierPrints = each((key) => {
  const [tierId, quantity] = key.split('/') as [string, string];
  return printOf({ tierId, quantity: Number(quantity) });
});

function askForTier(
  { claimer }: AskParts,
  event: CatalogEvent,
  tierId: string,
  quantity: number,
  asker: Asker,
): Promise<Verdict> {
  requireTier(event, tierId);
  return claimer.claim(event.id, tierId, { ...asker, quantity, print: printOfTier(tierId, quantity) });
}

async function askForSeats(
  { seatClaimer }: AskParts,
  event: CatalogEvent,
  { seats, accessible }: SeatChoice,
  asker: Asker,
): Promise<Verdict> {
  requireAccess(await seatClaimer.layout(event.id), seats, accessible === true);
  // The same seats in another order are the same request.
  const chosen = seats.toSorted((a, b) => a - b);
  const print = printOf({ seats: chosen.join(), accessible: accessible === true });
  return seatClaimer.choose(event.id, chosen, { ...asker, quantity: chosen.length, print });
}

async function askForBest(
  parts: AskParts,
  event: CatalogEvent,
  { best }: BestChoice,
  asker: Asker,
): Promise<Verdict> {
  const { quantity, tierId, priceMaxMinor, together, wheelchairs } = best;
  if (tierId !== undefined) requireTier(event, tierId);
  const tiers = event.tiers
    .filter(({ id, cost }) => id === (tierId ?? id) && cost.totalMinor <= (priceMaxMinor ?? Infinity))
    .map(({ id }) => id);
  const print = printOf({
    best: quantity,
    tierId: tierId ?? '',
    priceMaxMinor: priceMaxMinor ?? -1,
    together,
    wheelchairs,
  });
  const claim = { ...asker, quantity, print };
  if (tiers.length === 0) {
    throw new Refusal('notEnough', {
      free: 0,
      held: 0,
      offer: null,
      detail: 'Nothing is on sale at this price.',
    });
  }
  if (event.admission === 'general') return askForUnits(parts, event.id, tiers, claim);
  return parts.seatClaimer.best(event.id, { quantity, tiers, together, wheelchairs }, claim);
}

/** Of general admission every ticket of a tier is as good: the best are of the dearest tier that has so many. The refusal is that of the tier with the most. */
async function askForUnits(
  { claimer }: AskParts,
  eventId: string,
  tiers: readonly string[],
  claim: Claim,
): Promise<Verdict> {
  let refusal: Refusal | undefined;
  const offered = (of: Refusal | undefined): number => of?.extra.offer?.quantity ?? 0;
  for (const tierId of tiers) {
    try {
      return await claimer.claim(eventId, tierId, claim);
    } catch (fault) {
      if (!(fault instanceof Refusal && (fault.code === 'notEnough' || fault.code === 'soldOut')))
        throw fault;
      if (refusal === undefined || offered(fault) > offered(refusal)) refusal = fault;
    }
  }
  throw refusal;
}

function requireTier(event: CatalogEvent, tierId: string): void {
  if (!event.tiers.some(({ id }) => id === tierId)) throw new Refusal('tierUnknown');
}

/** @throws Refusal ticketUnknown, accessOnly */
function requireAccess({ indexOf, access }: Layout, seats: readonly number[], accessible: boolean): void {
  const kinds = seats.map((id) => {
    const seat = indexOf.get(id);
    if (seat === undefined) throw new Refusal('ticketUnknown', { detail: 'This event has no such seat.' });
    return access[seat];
  });
  const [spaces, companions] = [kinds.includes(WHEELCHAIR), kinds.includes(COMPANION)];
  if ((spaces || companions) && !accessible) throw new Refusal('accessOnly');
  if (companions && !spaces) {
    throw new Refusal('accessOnly', {
      detail: 'A companion seat goes with a wheelchair space of the same hold.',
    });
  }
}
