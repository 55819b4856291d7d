import { limits } from '@onsale/shared/limits';
import { type Policy, policiesOf } from '../policies.ts';
import type { Breach, Invariant, Reader } from '../sale.ts';

const MINUTE_MS = 60_000;
/** A change is in force within a second: until then the policy before it may still be worked by. */
const CHANGE_MS = 1_000;

interface Admitted {
  readonly atMs: number;
  readonly places: number;
}

export const rate: Invariant = {
  id: 'rate',
  rule: 'ADM-2',
  promise: 'Over any minute no more fans are admitted than the rate allows, and the credit it may start with',
  check: async ({ db, events }) => {
    const breaches = await Promise.all(
      events.map(async (event) => {
        const policies = await policiesOf(db, event);
        return overRate(await admittedIn(db, event), policies).map((breach) => ({ event, ...breach }));
      }),
    );
    return breaches.flat();
  },
};

/** When how many places were taken from the line; `taken_at` is Redis's clock. */
async function admittedIn(db: Reader, event: string): Promise<Admitted[]> {
  const rows = await db
    .selectFrom('admissions')
    .innerJoin('batches', 'batches.id', 'admissions.batch_id')
    .where('admissions.event', '=', event)
    // Let in without a line while Redis was away, in a room that says *open*: rate and capacity are Redis's to keep.
    .where('batches.reason', '<>', 'open')
    .groupBy(['batches.id', 'batches.taken_at'])
    .select((e) => ['batches.taken_at', e.fn.countAll<string>().as('places')])
    .orderBy('batches.taken_at')
    .execute();
  return rows.map(({ taken_at, places }) => ({ atMs: taken_at.getTime(), places: Number(places) }));
}

/** Every minute that ends with a batch and had too many. `admitted` ascends in time. */
function overRate(admitted: readonly Admitted[], policies: readonly Policy[]): Breach[] {
  const breaches: Breach[] = [];
  let first = 0;
  let inWindow = 0;
  for (const { atMs, places } of admitted) {
    inWindow += places;
    while (admitted[first]!.atMs <= atMs - MINUTE_MS) inWindow -= admitted[first++]!.places;
    const allowed = allowedIn(policies, atMs - MINUTE_MS, atMs);
    if (inWindow > allowed) {
      breaches.push({ 'minute to': new Date(atMs).toISOString(), admitted: inWindow, allowed });
    }
  }
  return breaches;
}

/** By the highest rate that was in force in the window: a bound, exact while the policy stays. */
function allowedIn(policies: readonly Policy[], fromMs: number, toMs: number): number {
  const inForce = policies.filter(
    (policy, i) => policy.fromMs <= toMs && (policies[i + 1]?.fromMs ?? Infinity) + CHANGE_MS >= fromMs,
  );
  const perMinute = Math.max(0, ...inForce.map((policy) => policy.ratePerMinute));
  return perMinute + Math.max(1, Math.ceil((perMinute * limits.rateCreditMs) / MINUTE_MS));
}
