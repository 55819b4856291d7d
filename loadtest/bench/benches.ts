import type { Bench } from './bench.ts';
import { bookingHttp } from './booking-http.ts';
import { claims } from './claims.ts';

/** Every bench there is. */
export const benches: readonly Bench[] = [claims, bookingHttp];
