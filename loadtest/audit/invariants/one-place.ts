import type { Breach, Invariant } from '../sale.ts';

export const onePlace: Invariant = {
  id: 'one-place',
  rule: 'LINE-1',
  promise: 'A fan is in the line, in the batch, offered or shopping: one of them, once',
  check: async ({ events, lines }) =>
    events.flatMap((event) => {
      const { line, batch, offers, sessions } = lines.get(event)!;
      const seen = new Map<string, string>();
      const breaches: Breach[] = [];
      const parts = { line: line.keys(), batch, offers: offers.keys(), sessions: sessions.keys() };
      for (const [part, places] of Object.entries(parts)) {
        for (const place of places) {
          const before = seen.get(place);
          if (before) breaches.push({ event, place, fault: `in ${before} and in ${part}` });
          seen.set(place, part);
        }
      }
      return breaches;
    }),
};
