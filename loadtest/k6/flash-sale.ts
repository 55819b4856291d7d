import type { Options } from 'k6/options';
import { arrivals, arriving, scheduleKept } from './lib/arrivals.ts';
import { journeyOf } from './lib/journey.ts';
import { afterSale, beforeSale } from './lib/stock.ts';
import { anyTickets } from './lib/taste.ts';
import { summaryTrendStats, wholeJourney } from './lib/thresholds.ts';

/**
 * A flash sale from arrival to tickets: fans come along a curve, wait for their turn with a socket, think, hold, order and pay.
 * Some are not there when it is their turn, some go without buying. Every fan who stays must end with tickets or be
 * told that all are sold. No options of its own; see loadtest/README.md.
 */
export const options: Options = {
  scenarios: { fans: arrivals('fan') },
  thresholds: { ...wholeJourney, ...scheduleKept('fans') },
  summaryTrendStats,
};

export const setup = beforeSale;

export async function fan(): Promise<void> {
  await journeyOf(arriving(), anyTickets());
}

export const teardown = afterSale;
