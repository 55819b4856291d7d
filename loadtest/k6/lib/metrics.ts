import { Counter, Rate, Trend } from 'k6/metrics';

/** What a run measures beside k6's own. Times are milliseconds. */

/** Until the place is known. */
export const timeToPlace = new Trend('time_to_place', true);
/** From joining until it is the fan's turn. */
export const waitForTurn = new Trend('wait_for_turn', true);
/** Age of what a pushed status tells, from when the line was looked at until the fan has it: on one machine, or with clocks that agree. */
export const pushStaleness = new Trend('push_staleness', true);
/** From the session to the hold. */
export const timeToHold = new Trend('time_to_hold', true);
/** Of all who came, those who had an answer in the end. */
export const fansAnswered = new Rate('fans_answered');
/** Of all who came, those who bought. */
export const conversion = new Rate('conversion');
/** As the buyers saw them. */
export const ticketsSold = new Counter('tickets_sold');
/** How fans' sales ended; tag `ending`. */
export const endings = new Counter('endings');
/** Of all requests, those that were sent again because nobody answered or the answer said so. */
export const retried = new Rate('retried');
/** Sockets that were lost and made again. */
export const reconnects = new Counter('reconnects');
/** What the sale did that no document allows; tag `fault`. */
export const faults = new Counter('faults');
/** Of all who came, those who came later than they were due, because k6 could not start them. */
export const lateArrivals = new Rate('late_arrivals');
