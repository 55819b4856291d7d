import type { CheckedIn } from '@onsale/shared/http/check-ins';
import type { Order } from '@onsale/shared/http/orders';
import { type ServerMessage, SOCKET_EVENT } from '@onsale/shared/socket';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { bearer } from '../door.ts';
import { answer, call, EVENT, hold, key, OTHER_EVENT, order, sale, shopper } from './front.ts';

/** A fan, from the line to his tickets, and with the core away. */
export function shopping(): void {
  test('[LINE-6] [ADM-8] [LINE-10] [BOOK-14] from the line to the tickets and in at the door; the session that paid is over at once', async () => {
    const { placeToken, session } = await shopper();
    const heard: ServerMessage[] = [];
    const socket = io(sale.gatewayUrl, { auth: { v: 1, placeToken }, transports: ['websocket'] });
    socket.on(SOCKET_EVENT, (message: ServerMessage) => heard.push(message));
    await until(() => heard.length > 0, { what: 'a first status' });

    const held = await answer<{ holdId: string }>(hold(session, 'one'), 201);
    expect(await answer(hold(session, 'one'), 201)).toMatchObject({ holdId: held.holdId });
    const bought = await answer<Order>(order(session, held.holdId, 'two'), 201);
    const pay = (headers: Record<string, string>) =>
      call(`/api/v1/orders/${bought.orderId}/payments`, {
        method: 'POST',
        headers: { ...bearer(bought.orderToken), ...headers },
        body: { method: 'sandboxApprove' },
      });
    const paid = await answer<Order>(pay({ ...key('three'), 'onsale-session': session }), 200);
    expect(paid.state).toBe('paid');

    expect(
      await answer(call(`/api/v1/events/${EVENT}/line/me`, { headers: bearer(placeToken) }), 200),
    ).toMatchObject({ state: 'over', reason: 'ordered', mayJoinAgain: true });
    await until(() => heard.some((message) => message.type === 'status' && message.status.state === 'over'), {
      what: 'the socket hears of it',
    });
    expect(await answer(hold(session, 'four'), 403)).toMatchObject({ code: 'sessionOver' });
    // What is bought stays at hand, and paying again pays nothing.
    expect(await answer(pay(key('three')), 200)).toMatchObject({ state: 'paid' });
    const { tickets } = await answer<{ tickets: Array<{ code: string }> }>(
      call(`/api/v1/orders/${bought.orderId}/tickets`, { headers: bearer(bought.orderToken) }),
      200,
    );
    expect(tickets).toHaveLength(1);
    socket.disconnect();

    const scan = (eventId = EVENT) =>
      call('/api/v1/operator/check-ins', {
        method: 'POST',
        headers: bearer(sale.operatorToken),
        body: { code: tickets[0]!.code, eventId },
      });
    expect(await answer(scan(OTHER_EVENT), 401)).toMatchObject({ code: 'tokenInvalid' });
    const entered = await answer<CheckedIn>(scan(), 200);
    expect(entered).toMatchObject({ eventId: EVENT, orderId: bought.orderId });
    expect(await answer(scan(), 409)).toMatchObject({
      code: 'alreadyCheckedIn',
      checkedInAtMs: entered.checkedInAtMs,
    });
  });
}

/** Last: the core is not started again. */
export function coreAway(): void {
  test('the booking core away is said as such, and what the line knows goes on', async () => {
    const { placeToken, session } = await shopper();
    await sale.kill('core', 'SIGKILL');
    expect(await answer(hold(session, 'away'), 503)).toMatchObject({ code: 'unavailable' });
    expect(
      await answer(call(`/api/v1/events/${EVENT}/line/me`, { headers: bearer(placeToken) }), 200),
    ).toMatchObject({ state: 'shopping' });
  });
}
