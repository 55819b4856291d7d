import type { PaymentsTable } from '@onsale/shared/tables';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Charge, Note } from './provider.ts';

/** A payment as we have it: a charge at the provider it was made with, and what became of it. */
export interface Payment extends Charge {
  readonly provider: string;
  readonly state: PaymentsTable['state'];
}

export const selectPayments = (db: Db) =>
  db
    .selectFrom('payments as p')
    .innerJoin('orders as o', 'o.id', 'p.order')
    .select(['p.id', 'p.amount_minor as amountMinor', 'o.currency', 'p.method', 'p.reference'])
    .select(['p.provider', 'p.state']);

/**
 * A charge as it is known by now: its reference may be written down while we work on it. Once written it stays, so whoever
 * comes with another later works on the first.
 */
export function watched(db: Db, payment: Payment): { readonly now: () => Payment; readonly note: Note } {
  let current = payment;
  return {
    now: () => current,
    async note(reference) {
      const { rows } = await sql<{ reference: string }>`
        update payments set reference = coalesce(reference, ${reference}) where id = ${payment.id}
        returning reference`.execute(db);
      current = { ...current, reference: rows[0]!.reference };
      return rows[0]!.reference;
    },
  };
}
