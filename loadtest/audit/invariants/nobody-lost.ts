import { isDrawn } from '@onsale/shared/draw';
import type { Breach, Invariant, Reader, Sale } from '../sale.ts';

export const nobodyLost: Invariant = {
  id: 'nobody-lost',
  rule: 'ADM-5',
  promise: 'Whoever was taken from the line was offered his turn, and nobody new stands before him',
  check: async (sale) => (await Promise.all(sale.events.map((event) => lostIn(sale, event)))).flat(),
};

async function lostIn({ db, lines, atRest }: Sale, event: string): Promise<Breach[]> {
  const { beyondLast, passedOver, lastOrder, turns, batch } = lines.get(event)!;
  const away = [...passedOver].filter(([, order]) => !isDrawn(order) && order > lastOrder);
  const breaches: Breach[] = [...beyondLast.map(({ place }) => place), ...away.map(([place]) => place)].map(
    (place) => ({ event, place, fault: 'stands behind the last order number given' }),
  );
  if (!atRest || (await isRetired(db, event))) return breaches;

  const kept = new Set((await isHeldUp(db, event)) ? batch : []);
  for (const place of batch) {
    if (!kept.has(place))
      breaches.push({ event, place, fault: 'taken from the line, never offered his turn' });
  }
  const admissions = await db
    .selectFrom('admissions')
    .innerJoin('batches', 'batches.id', 'admissions.batch_id')
    .where('admissions.event', '=', event)
    // While Redis was away a room that says *open* lets fans in without a line: their answer was the session.
    .where('batches.reason', '<>', 'open')
    .select(['place', 'turn'])
    .execute();
  for (const { place, turn } of admissions) {
    if ((turns.get(place)?.turn ?? 0) < turn && !kept.has(place))
      breaches.push({ event, place, turn, fault: 'admitted, and never offered the turn' });
  }
  return breaches;
}

/** The line of a rehearsal that is over was taken away, turns and all. */
async function isRetired(db: Reader, event: string): Promise<boolean> {
  const room = await db
    .selectFrom('rooms')
    .where('event', '=', event)
    .where('retired_at', 'is not', null)
    .select('event')
    .executeTakeFirst();
  return room !== undefined;
}

/** A room that is paused, closed or over keeps a batch that was under way, and offers it afterwards. */
async function isHeldUp(db: Reader, event: string): Promise<boolean> {
  const room = await db
    .selectFrom('rooms')
    .where('event', '=', event)
    .select(['open', 'paused', 'ends_at'])
    .executeTakeFirst();
  if (room === undefined) return false;
  return room.paused || !room.open || (room.ends_at !== null && room.ends_at.getTime() <= Date.now());
}
