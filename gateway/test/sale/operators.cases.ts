import type { Event } from '@onsale/shared/http/events';
import type { Hold } from '@onsale/shared/http/holds';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { Comp } from '@onsale/shared/http/operator-comps';
import type { OperatorHolds } from '@onsale/shared/http/operator-holds';
import type { FoundOrders } from '@onsale/shared/http/operator-orders';
import type { StockMoved } from '@onsale/shared/http/operator-stock';
import { limits } from '@onsale/shared/limits';
import { expect, test } from 'vitest';
import { onServer } from '../../../bin/stack/database.ts';
import { until } from '../../../test/until.ts';
import { bearer } from '../door.ts';
import { answer, call, desk, EVENT, hold, key, OTHER_EVENT, sale, shopper } from './front.ts';

/** What operators do. */
export function operators(): void {
  test('[API-7] [ADM-9] operators see policy, line and stock of every room, and change the policy', async () => {
    const { rooms } = await answer<{ rooms: OperatorRoom[] }>(
      call('/api/v1/operator/rooms', { headers: bearer(sale.operatorToken) }),
      200,
    );
    expect(rooms.map(({ policy }) => policy.eventId).sort()).toEqual([EVENT, OTHER_EVENT]);
    for (const { live, stock } of rooms) {
      expect(live).not.toBeNull();
      expect(stock!.free + stock!.held + stock!.sold + stock!.blocked).toBe(stock!.total);
    }
    await answer(
      call(`/api/v1/operator/events/${EVENT}`, {
        method: 'PATCH',
        headers: bearer(sale.operatorToken),
        body: { holdTtlMs: 60_000 },
      }),
      204,
    );
    await until(
      async () => {
        const event = await answer<{ holdTtlMs: number }>(call(`/api/v1/events/${EVENT}`), 200);
        return event.holdTtlMs === 60_000;
      },
      { withinMs: limits.eventMaxAgeMs * 4, what: 'the event with the new hold time' },
    );
  });

  test('[BOOK-16] [BOOK-13] operators block and unblock tickets, and their names are in the audit', async () => {
    const move = (name: string, body: unknown) =>
      call(`/api/v1/operator/events/${OTHER_EVENT}/stock-moves`, {
        method: 'POST',
        headers: { ...bearer(sale.operatorToken), ...key(name) },
        body,
      });
    const { tiers } = await answer<Event>(call(`/api/v1/events/${OTHER_EVENT}`), 200);
    const asked = { move: 'block', tickets: { tierId: tiers[0]!.tierId, quantity: 2 }, why: 'a camera' };
    const blocked = await answer<StockMoved>(move('stock-1', asked), 200);
    expect(await answer(move('stock-1', asked), 200)).toEqual(blocked);
    await until(async () => (await desk(OTHER_EVENT)).stock?.blocked === 2, { what: 'two blocked tickets' });
    const back = { move: 'unblock', tickets: { ticketIds: blocked.ticketIds } };
    expect(await answer(move('stock-2', back), 200)).toMatchObject({ ticketIds: blocked.ticketIds });
    const { rows } = await onServer(sale.databaseUrl, (client) =>
      client.query(`select action, actor, why, request_id is not null named from audit
        where subject = '${OTHER_EVENT}' and action like 'stock.%' order by id`),
    );
    expect(rows).toEqual([
      { action: 'stock.blocked', actor: expect.any(String), why: 'a camera', named: true },
      { action: 'stock.unblocked', actor: expect.any(String), why: null, named: true },
    ]);
  });

  test('[BOOK-44] [BOOK-46] [BOOK-41] [BOOK-42] [BOOK-13] operators serve fans through the front door, and are named in the audit', async () => {
    const operate = (method: string, path: string, body?: unknown, name?: string) =>
      call(`/api/v1/operator/${path}`, {
        method,
        headers: { ...bearer(sale.operatorToken), ...(name === undefined ? {} : key(name)) },
        ...(body === undefined ? {} : { body }),
      });
    const guest = { name: 'A Guest', email: 'guest@example.org', why: 'the band asked' };
    const asked = { tickets: { tierId: 'general', quantity: 2 }, ...guest };
    const comp = await answer<Comp>(operate('POST', `events/${EVENT}/comps`, asked, 'comp-1'), 201);
    expect(await answer(operate('POST', `events/${EVENT}/comps`, asked, 'comp-1'), 201)).toEqual(comp);
    expect(await answer(operate('POST', `events/${EVENT}/comps`, asked), 400)).toMatchObject({
      code: 'idempotencyKeyMissing',
    });

    const found = await answer<FoundOrders>(
      operate('POST', 'order-searches', { email: 'GUEST@example.org' }),
      200,
    );
    expect(found).toMatchObject({
      cursor: null,
      orders: [{ orderId: comp.orderId, comp: true, quantity: 2 }],
    });
    expect(await answer(operate('GET', `orders/${comp.orderId}`), 200)).toMatchObject({ lines: [{}, {}] });
    expect(await answer(operate('GET', `orders/${crypto.randomUUID()}`), 404)).toMatchObject({
      code: 'orderUnknown',
    });
    // In the end an address is in no URL: this one is no id.
    expect(await answer(operate('GET', 'orders/guest@example.org'), 400)).toMatchObject({
      code: 'malformed',
    });
    expect(
      await answer(operate('POST', `orders/${comp.orderId}/refunds`, { why: 'he is ill' }, 'comp-2'), 200),
    ).toMatchObject({ state: 'cancelled', refundedMinor: 0 });

    const { session } = await shopper();
    const held = await answer<Hold>(hold(session, 'desk-1'), 201);
    const holds = await answer<OperatorHolds>(
      operate('GET', `holds?eventId=${EVENT}&holdId=${held.holdId}`),
      200,
    );
    expect(holds.holds).toMatchObject([{ holdId: held.holdId, state: 'held' }]);
    expect(await answer(operate('DELETE', `holds/${held.holdId}`, {}), 400)).toMatchObject({
      code: 'malformed',
    });
    await answer(operate('DELETE', `holds/${held.holdId}`, { why: 'a fan wrote' }), 204);
    expect(
      await answer(call(`/api/v1/holds/${held.holdId}`, { headers: bearer(session) }), 200),
    ).toMatchObject({
      state: 'released',
    });

    const { rows } = await onServer(sale.databaseUrl, (client) =>
      client.query(
        `select action, actor, request_id is not null named from audit
          where subject in ($1, $2) or (subject = 'looks' and became -> 'orders' ? $1) order by id`,
        [comp.orderId, held.holdId],
      ),
    );
    const actions = ['order.paid', 'orders.seen', 'orders.seen', 'order.cancelled', 'hold.released'];
    expect(rows).toEqual(actions.map((action) => ({ action, actor: 'operator', named: true })));
  });
}
