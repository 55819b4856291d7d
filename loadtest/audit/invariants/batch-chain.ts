import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Breach, Invariant, Reader } from '../sale.ts';

/**
 * Every record of a batch says what it admitted and names the one before it. Judged twice, by the database's own functions and
 * by what docs/spec/line.md says of the hashes, written down again here: a function that was changed along with the records is seen
 * too. What was recorded before there were hashes has none; nothing without one comes after that.
 */
export const batchChain: Invariant = {
  id: 'batch-chain',
  rule: 'ADM-3',
  promise: 'Batches are as they were recorded: none changed, taken out, put in or moved',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with chained as (
        select b.*, lag(b.hash) over (partition by b.event order by b.id) as before
        from batches b where b.event = any(${events})
      ), faults as (
        select c.event, c.id, case
          when c.hash is null then case when c.before is not null then 'recorded without a hash' end
          when c.places_hash is distinct from (
            select sha256(convert_to(string_agg(admitted_line(a), E'\n'
              order by a.order_number, a.place collate "C"), 'UTF8')) from admissions a where a.batch_id = c.id)
            then 'its places are not those that were recorded'
          when c.hash <> batch_hash(b) then 'changed since it was recorded'
          when c.previous_hash <> coalesce(c.before, '') then 'does not follow the one before it'
        end as fault
        from chained c join batches b on b.id = c.id
      )
      select event, id as batch, fault, 'sql' as "judged by" from faults where fault is not null`.execute(db);
    const again = await Promise.all(events.map((event) => brokenIn(db, event)));
    return [...rows, ...again.flat()];
  },
};

interface Recorded {
  id: string;
  batch: string;
  epoch: number;
  reason: string;
  first_order: string;
  last_order: string;
  lanes: Record<string, number>;
  taken_ms: string;
  places_hash: Buffer;
  previous_hash: Buffer;
  hash: Buffer;
  admitted:
    | { place: string; turn: number; order: string; lane: string; back: boolean; invited: string | null }[]
    | null;
}

async function brokenIn(db: Reader, event: string): Promise<Breach[]> {
  const { rows } = await sql<Recorded>`
    select b.id, b.batch, b.epoch, b.reason, b.first_order, b.last_order, b.lanes, b.places_hash, b.previous_hash, b.hash,
      round(extract(epoch from b.taken_at) * 1000)::text as taken_ms,
      (select json_agg(json_build_object('place', a.place, 'turn', a.turn, 'order', a.order_number::text, 'lane', a.lane,
          'back', a.back, 'invited', (extract(epoch from a.invited_at) * 1000)::bigint::text))
        from admissions a where a.batch_id = b.id) as admitted
    from batches b where b.event = ${event} and b.hash is not null order by b.id`.execute(db);
  const breaches: Breach[] = [];
  let before = '';
  for (const row of rows) {
    const places = placesHashOf(row.admitted ?? []);
    const hash = hashOf(event, row, before);
    if (places !== row.places_hash.toString('hex') || hash !== row.hash.toString('hex')) {
      breaches.push({ event, batch: row.id, fault: 'its hashes are others', 'judged by': 'the rule' });
    }
    before = row.hash.toString('hex');
  }
  return breaches;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function placesHashOf(admitted: NonNullable<Recorded['admitted']>): string {
  const lines = admitted
    .toSorted(
      (a, b) =>
        Number(BigInt(a.order) - BigInt(b.order)) ||
        Buffer.compare(Buffer.from(a.place), Buffer.from(b.place)),
    )
    .map(({ place, turn, order, lane, back, invited }) =>
      [
        place,
        turn,
        order,
        lane,
        ...(back ? ['back'] : []),
        ...(invited === null ? [] : [`invited=${invited}`]),
      ].join(':'),
    );
  return sha256(lines.join('\n'));
}

function hashOf(event: string, row: Recorded, before: string): string {
  const { epoch, batch, first_order, last_order, lanes, reason, taken_ms, places_hash } = row;
  const counts = ['general', 'priority', 'returning'].map((lane) => lanes[lane]);
  return sha256(
    [
      event,
      epoch,
      batch,
      first_order,
      last_order,
      ...counts,
      reason,
      taken_ms,
      places_hash.toString('hex'),
      before,
    ].join('\n'),
  );
}
