import { Refusal } from '@onsale/shared/errors';
import type { OperatorOrder } from '@onsale/shared/http/operator-orders';
import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Database, Tx } from '../db/database.ts';
import type { Actor } from '../rooms/audit.ts';
import { foundOrderOf, orderRows } from './found-order.ts';
import { writeLook } from './write-look.ts';

/**
 * One order whole. Its parts are read one after the other: what is settled meanwhile may be in one and not yet in another.
 * @throws Refusal orderUnknown
 */
export function lookAtOrder({ transact }: Database, orderId: string, actor: Actor): Promise<OperatorOrder> {
  return transact('read committed', async (tx) => {
    const [row] = await orderRows(tx, sql`o.id = ${orderId}`);
    if (row === undefined) throw new Refusal('orderUnknown');
    await writeLook(tx, actor, { by: 'whole', orders: [orderId] });
    const lines = await linesOf(tx, orderId);
    return {
      ...foundOrderOf(row),
      holdId: row.hold,
      faceMinor: row.face_minor,
      feesMinor: row.fees_minor,
      taxMinor: row.tax_minor,
      refundedMinor: row.refunded_minor,
      settledAtMs: msOf(row.settled_at),
      lines,
      payments: await paymentsOf(tx, orderId),
      refunds: await refundsOf(tx, orderId),
      mails: await mailsOf(tx, orderId),
      trail: await trailOf(tx, [orderId, ...lines.map(({ ticketId }) => `${orderId}/${ticketId}`)]),
    };
  });
}

const msOf = (at: Date | null): number | null => at?.getTime() ?? null;

async function linesOf(tx: Tx, orderId: string): Promise<OperatorOrder['lines']> {
  const rows = await tx
    .selectFrom('order_lines as l')
    .innerJoin('tickets as t', 't.id', 'l.ticket')
    .leftJoin('check_ins as c', (on) =>
      on.onRef('c.order', '=', 'l.order').onRef('c.ticket', '=', 'l.ticket'),
    )
    .select([
      't.id as ticketId',
      't.tier as tierId',
      't.section',
      't.row',
      't.seat',
      'l.price_minor as priceMinor',
      'l.fee_minor as feeMinor',
      'l.tax_minor as taxMinor',
      'l.total_minor as totalMinor',
      'l.live',
      'c.at',
    ])
    .where('l.order', '=', orderId)
    .orderBy('t.id')
    .execute();
  return rows.map(({ at, ...line }) => ({ ...line, checkedInAtMs: msOf(at) }));
}

async function paymentsOf(tx: Tx, orderId: string): Promise<OperatorOrder['payments']> {
  const rows = await tx
    .selectFrom('payments')
    .selectAll()
    .where('order', '=', orderId)
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({
    paymentId: row.id,
    provider: row.provider,
    method: row.method,
    amountMinor: row.amount_minor,
    state: row.state,
    createdAtMs: row.created_at.getTime(),
    settledAtMs: msOf(row.settled_at),
  }));
}

async function refundsOf(tx: Tx, orderId: string): Promise<OperatorOrder['refunds']> {
  const rows = await tx
    .selectFrom('refunds as r')
    .innerJoin('payments as p', 'p.id', 'r.payment')
    .select(['r.id', 'r.amount_minor', 'r.why', 'r.created_at', 'r.done_at'])
    .where('p.order', '=', orderId)
    .orderBy('r.created_at')
    .execute();
  return rows.map((row) => ({
    refundId: row.id,
    amountMinor: row.amount_minor,
    why: row.why,
    createdAtMs: row.created_at.getTime(),
    doneAtMs: msOf(row.done_at),
  }));
}

async function mailsOf(tx: Tx, orderId: string): Promise<OperatorOrder['mails']> {
  const rows = await tx
    .selectFrom('mails')
    .select(['id', 'kind', 'state', 'created_at', 'settled_at'])
    .where('order', '=', orderId)
    .orderBy('created_at')
    .execute();
  return rows.map(({ id, created_at, settled_at, ...mail }) => ({
    ...mail,
    mailId: id,
    createdAtMs: created_at.getTime(),
    settledAtMs: msOf(settled_at),
  }));
}

async function trailOf(tx: Tx, subjects: readonly string[]): Promise<OperatorOrder['trail']> {
  const rows = await tx
    .selectFrom('audit')
    .selectAll()
    .where('subject', 'in', subjects)
    .orderBy('id', 'desc')
    .limit(limits.trailMax)
    .execute();
  return rows.reverse().map(({ at, actor, action, was, became, why, request_id }) => ({
    atMs: at.getTime(),
    actor,
    action,
    was,
    became,
    why,
    requestId: request_id,
  }));
}
