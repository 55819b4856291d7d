import { liveOf } from '../line-view.ts';
import { policiesOf } from '../policies.ts';
import type { Breach, Invariant } from '../sale.ts';

export const capacity: Invariant = {
  id: 'capacity',
  rule: 'ADM-1',
  promise: 'Offers and live sessions together do not exceed the capacity',
  check: async ({ db, events, lines }) => {
    const breaches: Breach[] = [];
    for (const event of events) {
      const { offers, sessions, turns, nowMs } = lines.get(event)!;
      const policies = await policiesOf(db, event);
      if (policies.length === 0) continue;
      // Who was let in under a greater capacity stays; so the greatest one bounds.
      const greatest = Math.max(...policies.map((policy) => policy.capacity));
      // After a loss of Redis, slots of turns that only the core knew are kept whether or not there is a session: they are bounds.
      const known = new Map([...sessions].filter(([place]) => turns.get(place)?.stage !== 'recalled'));
      const live = { offers: liveOf(offers, nowMs), sessions: liveOf(known, nowMs) };
      if (live.offers + live.sessions > greatest) breaches.push({ event, ...live, capacity: greatest });
    }
    return breaches;
  },
};
