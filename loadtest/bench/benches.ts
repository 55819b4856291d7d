import { admission } from './admission.ts';
import type { Bench } from './bench.ts';
import { bookingHttp } from './booking-http.ts';
import { claims } from './claims.ts';
import { dodgers } from './dodgers.ts';
import { eta } from './eta.ts';
import { heal } from './heal.ts';
import { joins } from './joins.ts';
import { lineMemory } from './line-memory.ts';
import { model } from './model.ts';
import { push } from './push.ts';
import { seats } from './seats.ts';

/** Every bench there is. */
export const benches: readonly Bench[] = [
  admission,
  claims,
  bookingHttp,
  seats,
  push,
  lineMemory,
  joins,
  eta,
  heal,
  dodgers,
  model,
];
