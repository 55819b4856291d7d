import type { FoundOrders, OrderSearch } from '@onsale/shared/http/operator-orders';
import { limits } from '@onsale/shared/limits';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Actor } from '../rooms/audit.ts';
import { foundOrderOf, orderRows } from './found-order.ts';
import { writeLook } from './write-look.ts';

/** Orders by id, address or ticket, newest first, one page. Nobody sees a name before it is written down that he did. */
export function searchOrders(
  { transact }: Database,
  search: OrderSearch,
  actor: Actor,
): Promise<FoundOrders> {
  const from = search.cursor ?? null;
  const which = sql`${conditionOf(search)} and (${from}::uuid is null
    or (o.created_at, o.id) < (select c.created_at, c.id from orders c where c.id = ${from}))`;
  const rest = sql`order by o.created_at desc, o.id desc limit ${limits.deskPageMax + 1}`;
  return transact('read committed', async (tx) => {
    const rows = await orderRows(tx, which, rest);
    const page = rows.slice(0, limits.deskPageMax);
    const by = 'orderId' in search ? 'order' : 'email' in search ? 'email' : 'ticket';
    await writeLook(tx, actor, { by, orders: page.map(({ id }) => id) });
    return {
      orders: page.map(foundOrderOf),
      cursor: rows.length > page.length ? page.at(-1)!.id : null,
    };
  });
}

function conditionOf(search: OrderSearch): RawBuilder<unknown> {
  if ('orderId' in search) return sql`o.id = ${search.orderId}`;
  if ('email' in search) return sql`lower(o.buyer_email) = lower(${search.email})`;
  // Two conditions, for two partial indexes.
  return sql`o.id in (select l."order" from order_lines l
    where (l.ticket = ${search.ticketId} and l.live) or (l.ticket = ${search.ticketId} and not l.live))`;
}
