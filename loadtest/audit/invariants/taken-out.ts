import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/** Whom an operator took out of a line is nowhere in it, and a turn that he ended is not had. */
export const takenOut: Invariant = {
  id: 'taken-out',
  rule: 'LINE-28',
  promise: 'Who was removed is not in the line, and a revoked turn is over',
  check: async ({ db, events, lines }) => {
    const { rows } = await sql<{ event: string; place: string; turn: number | null }>`
      select event, place, null as turn from removals where event = any(${events})
      union all select event, place, turn from revocations where event = any(${events})`.execute(db);
    const waiting = new Map<string, ReadonlySet<string>>();
    for (const [event, line] of lines) {
      const removed = rows.filter((row) => row.event === event && row.turn === null);
      waiting.set(event, await line.waiting(removed.map(({ place }) => place)));
    }
    return rows.flatMap(({ event, place, turn }): Breach[] => {
      const { batch, offers, sessions, turns } = lines.get(event)!;
      const has = offers.has(place) || sessions.has(place);
      if (turn !== null) {
        return has && turns.get(place)?.turn === turn
          ? [{ event, place, turn, fault: 'revoked, and had' }]
          : [];
      }
      return has || waiting.get(event)!.has(place) || batch.includes(place)
        ? [{ event, place, fault: 'removed, and there' }]
        : [];
    });
  },
};
