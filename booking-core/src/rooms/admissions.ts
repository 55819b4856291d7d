import type { AdmissionsPage, AdmittedBatch } from '@onsale/shared/http/admissions';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** Batches of an event with their places, oldest first, a page at a time: what the hashes of the chain are made of. */
export async function listAdmissions(db: Db, eventId: string, after: string): Promise<AdmissionsPage> {
  const { rows } = await sql<AdmittedBatch & { id: string }>`
    select b.id::text id, b.batch::float8 batch, b.epoch, (extract(epoch from b.taken_at) * 1000)::bigint::float8 "takenAtMs", b.reason,
      b.first_order::float8 "firstOrder", b.last_order::float8 "lastOrder", b.lanes,
      encode(b.places_hash, 'hex') "placesHash", nullif(encode(b.previous_hash, 'hex'), '') "previousHash",
      encode(b.hash, 'hex') hash,
      (select json_agg(json_build_object('place', a.place, 'turn', a.turn, 'order', a.order_number, 'lane', a.lane,
          'back', a.back, 'invitedAtMs', (extract(epoch from a.invited_at) * 1000)::bigint) order by a.order_number, a.place collate "C")
        from admissions a where a.batch_id = b.id) places
    from batches b
    where b.event = ${eventId} and b.id > ${after}::bigint and b.hash is not null
    order by b.id limit ${limits.admissionBatchesPageMax}`.execute(db);
  return {
    eventId,
    batches: rows.map(({ id: _, ...batch }) => batch),
    next: rows.length < limits.admissionBatchesPageMax ? null : rows.at(-1)!.id,
  };
}
