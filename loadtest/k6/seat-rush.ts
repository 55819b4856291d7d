import { Counter, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { arrivals, arriving, scheduleKept } from './lib/arrivals.ts';
import type { Fan } from './lib/fan.ts';
import { journeyOf } from './lib/journey.ts';
import { bestAvailable, chosenSeats } from './lib/seat-tastes.ts';
import { chance } from './lib/seeded.ts';
import { numberOption, textOption } from './lib/settings.ts';
import { afterSale, beforeSale } from './lib/stock.ts';
import type { Taste } from './lib/taste.ts';
import { fastEnough, summaryTrendStats, wholeJourney } from './lib/thresholds.ts';

/**
 * Everyone wants the same section of the stadium: some choose seats on its map, some ask for the best of its tier. Who loses a
 * seat to another picks again. Options of its own:
 *
 * - `SECTION` (Field 1): the section that all want
 * - `TIER` (field): its tier, for those who ask for the best
 * - `BEST` (0.3): fraction of the fans who ask for the best instead of choosing
 * - `QUANTITY` (4): tickets a fan comes for, at most
 */
const section = textOption('SECTION', 'Field 1', /^.{1,80}$/);
const tierId = textOption('TIER', 'field', /^[a-z0-9-]+$/);
const best = numberOption('BEST', 0.3, { min: 0, max: 1 });
const quantityMax = numberOption('QUANTITY', 4, { min: 1, max: 20, whole: true });

/** Seats that another was faster at. */
const seatsLost = new Counter('seats_lost');
/** How often a fan asked for a hold until he had one, or until there was nothing for him. */
const picks = new Trend('picks');

export const options: Options = {
  scenarios: { fans: arrivals('fan') },
  thresholds: {
    ...wholeJourney,
    ...scheduleKept('fans'),
    ...fastEnough(['section']),
    // Nobody lost anything: then it was no rush, and the run shows nothing.
    seats_lost: ['count>0'],
  },
  summaryTrendStats,
};

export const setup = beforeSale;

export async function fan(): Promise<void> {
  const one = arriving();
  const asksForBest = chance(one.random, best);
  const taste = asksForBest ? bestAvailable(tierId, quantityMax) : chosenSeats(section, quantityMax);
  let asked = 0;
  const counted: Taste = async (who: Fan, refused) => {
    if (refused?.code === 'seatsTaken') seatsLost.add(refused.taken?.length ?? 1);
    const wish = await taste(who, refused);
    if (wish !== 'later') asked += 1;
    return wish;
  };
  await journeyOf(one, counted);
  if (asked > 0) picks.add(asked);
}

export const teardown = afterSale;
