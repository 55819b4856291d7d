import { hash } from 'node:crypto';
import type { AdmittedBatch, AdmittedPlace } from '../http/admissions.ts';

/*
 * What the records of admission are chained by, in words anyone can write down again: the twins of admitted_line and
 * batch_hash in booking-core/migrations. All hashes are SHA-256 in hex.
 */

/** One line of what a batch's places are hashed as. */
export const admittedLine = ({ place, turn, order, lane, back, invitedAtMs }: AdmittedPlace): string =>
  [
    place,
    turn,
    order,
    lane,
    ...(back ? ['back'] : []),
    ...(invitedAtMs === null ? [] : [`invited=${invitedAtMs}`]),
  ].join(':');

/** Of places by order and place id, as Redis orders them. */
export const placesHashOf = (places: readonly AdmittedPlace[]): string =>
  hash('sha256', [...places].sort(byOrder).map(admittedLine).join('\n'), 'hex');

export const batchHashOf = (eventId: string, batch: AdmittedBatch): string =>
  hash(
    'sha256',
    [
      eventId,
      batch.epoch,
      batch.batch,
      batch.firstOrder,
      batch.lastOrder,
      batch.lanes.general,
      batch.lanes.priority,
      batch.lanes.returning,
      batch.reason,
      batch.takenAtMs,
      batch.placesHash,
      batch.previousHash ?? '',
    ].join('\n'),
    'hex',
  );

/** How places of one lane go: by order, ties by place id. */
export const byOrder = (a: AdmittedPlace, b: AdmittedPlace): number =>
  a.order - b.order || (a.place < b.place ? -1 : a.place > b.place ? 1 : 0);
