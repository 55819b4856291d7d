import type { Breach, Invariant, Reader, Sale } from '../sale.ts';

export const nobodyLost: Invariant = {
  id: 'nobody-lost',
  rule: 'ADM-5',
  promise: 'Whoever was taken from the line was offered his turn, and nobody new stands before him',
  check: async (sale) => (await Promise.all(sale.events.map((event) => lostIn(sale, event)))).flat(),
};

async function lostIn({ db, lines, atRest }: Sale, event: string): Promise<Breach[]> {
  const { line, lastOrder, turns, batch } = lines.get(event)!;
  const breaches: Breach[] = [];
  for (const [place, order] of line) {
    if (order > lastOrder)
      breaches.push({ event, place, fault: 'stands behind the last order number given' });
  }
  if (!atRest) return breaches;

  const kept = new Set((await isHeldUp(db, event)) ? batch : []);
  for (const place of batch) {
    if (!kept.has(place))
      breaches.push({ event, place, fault: 'taken from the line, never offered his turn' });
  }
  const admissions = await db
    .selectFrom('admissions')
    .where('event', '=', event)
    .select(['place', 'turn'])
    .execute();
  for (const { place, turn } of admissions) {
    if ((turns.get(place)?.turn ?? 0) < turn && !kept.has(place))
      breaches.push({ event, place, turn, fault: 'admitted, and never offered the turn' });
  }
  return breaches;
}

/** A room that is paused or closed keeps a batch that was under way, and offers it afterwards. */
async function isHeldUp(db: Reader, event: string): Promise<boolean> {
  const room = await db
    .selectFrom('rooms')
    .where('event', '=', event)
    .select(['open', 'paused'])
    .executeTakeFirst();
  return room !== undefined && (room.paused || !room.open);
}
