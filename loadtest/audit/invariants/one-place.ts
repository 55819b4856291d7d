import type { Breach, Invariant } from '../sale.ts';

export const onePlace: Invariant = {
  id: 'one-place',
  rule: 'LINE-1',
  promise: 'A fan is in the line, in the batch, offered or shopping: one of them, once',
  check: async ({ events, lines }) =>
    events.flatMap((event) => {
      const { twice, passedOver, back, batch, offers, sessions } = lines.get(event)!;
      const seen = new Map<string, string>();
      const breaches: Breach[] = twice.map(({ place, lane, elsewhere }) => ({
        event,
        place,
        fault: `in the ${lane} lane and in ${elsewhere}`,
      }));
      const parts = { away: passedOver.keys(), batch, offers: offers.keys(), sessions: sessions.keys() };
      for (const [part, places] of Object.entries(parts)) {
        for (const place of places) {
          const before = seen.get(place);
          if (before) breaches.push({ event, place, fault: `in ${before} and in ${part}` });
          seen.set(place, part);
        }
      }
      for (const place of back) {
        if (!passedOver.has(place)) breaches.push({ event, place, fault: 'back, and was not passed over' });
      }
      return breaches;
    }),
};
