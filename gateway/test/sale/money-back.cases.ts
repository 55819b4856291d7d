import type { Hold } from '@onsale/shared/http/holds';
import type { Order } from '@onsale/shared/http/orders';
import { expect, test } from 'vitest';
import { onServer } from '../../../bin/stack/database.ts';
import { SANDBOX_SIGNATURE } from '../../../booking-core/src/payments/sandbox.ts';
import { signWebhook, webhookKeys } from '../../../booking-core/src/payments/signature.ts';
import { until } from '../../../test/until.ts';
import { bearer } from '../door.ts';
import { answer, call, desk, EVENT, hold, key, OTHER_EVENT, order, ring, sale, shopper } from './front.ts';

/** Money and events that are taken back. */
export function moneyBack(): void {
  test('[PAY-12] [PAY-13] [PAY-9] money goes back through the front door, and a provider is heard through it', async () => {
    const buy = async (name: string, quantity: number, method = 'sandboxApprove') => {
      const { session } = await shopper();
      const held = await answer<Hold>(hold(session, `${name}-1`, { tierId: 'general', quantity }), 201);
      const bought = await answer<Order>(order(session, held.holdId, `${name}-2`), 201);
      const paid = await answer<Order>(
        call(`/api/v1/orders/${bought.orderId}/payments`, {
          method: 'POST',
          headers: { ...bearer(bought.orderToken), ...key(`${name}-3`), 'onsale-session': session },
          body: { method },
        }),
        200,
      );
      expect(paid.state).toBe('paid');
      return { ...paid, orderToken: bought.orderToken };
    };
    const mine = await buy('back', 2);
    const refund = (token: string, headers: Record<string, string>, body: object) =>
      call(`/api/v1/operator/orders/${mine.orderId}/refunds`, {
        method: 'POST',
        headers: { ...bearer(token), ...headers },
        body,
      });
    const [first] = mine.tickets;
    const some = { tickets: [first!.ticketId], why: 'a wish' };
    expect(await answer(refund(mine.orderToken, key('r'), some), 401)).toMatchObject({
      code: 'tokenInvalid',
    });
    expect(await answer(refund(sale.operatorToken, {}, some), 400)).toMatchObject({
      code: 'idempotencyKeyMissing',
    });
    for (let again = 0; again < 2; again++) {
      expect(await answer(refund(sale.operatorToken, key('r'), some), 200)).toMatchObject({
        state: 'partlyRefunded',
        refundedMinor: first!.totalMinor,
      });
    }
    expect(await answer(refund(sale.operatorToken, key('r'), { why: 'all' }), 422)).toMatchObject({
      code: 'idempotencyMismatch',
    });

    const cancel = () =>
      call(`/api/v1/orders/${mine.orderId}/cancellation`, {
        method: 'POST',
        headers: bearer(mine.orderToken),
      });
    expect(await answer(cancel(), 409)).toMatchObject({ code: 'cancellationClosed' });
    await answer(
      call(`/api/v1/operator/events/${EVENT}`, {
        method: 'PATCH',
        headers: bearer(sale.operatorToken),
        body: { cancelUntilMs: Date.now() + 3_600_000 },
      }),
      204,
    );
    expect(await answer(cancel(), 200)).toMatchObject({ state: 'cancelled' });
    expect(await answer(cancel(), 200)).toMatchObject({ state: 'cancelled' });

    // The bytes reach the core as they came, with their signature.
    const event = { eventId: crypto.randomUUID(), chargeId: crypto.randomUUID(), state: 'captured' };
    const bytes = new TextEncoder().encode(JSON.stringify(event, null, 2));
    const signature = signWebhook(webhookKeys(ring, 'sandbox'), bytes, Date.now());
    const deliver = (signed: string) =>
      call('/api/v1/webhooks/sandbox', {
        method: 'POST',
        headers: { [SANDBOX_SIGNATURE]: signed },
        body: JSON.stringify(event, null, 2),
      });
    await answer(deliver(signature), 204);
    expect(
      await answer(deliver(signature.replace(/.$/, (hex) => (hex === '0' ? '1' : '0'))), 401),
    ).toMatchObject({
      code: 'webhookForged',
    });

    // What the sandbox tells by itself, its own chore delivers.
    const told = await buy('told', 1, 'sandboxSlow');
    await until(
      async () =>
        (
          await onServer(sale.databaseUrl, (client) =>
            client.query(
              `select from webhook_events w join payments p on p.id = w.payment
              where p."order" = $1 and w.settled_at is not null`,
              [told.orderId],
            ),
          )
        ).rowCount === 1,
      { what: 'the sandbox told it' },
    );
  });

  test('[PAY-14] an event that an operator cancels sells nothing from that moment, and lets nobody in', async () => {
    const { session } = await shopper(OTHER_EVENT);
    const cancel = (body: object) =>
      call(`/api/v1/operator/events/${OTHER_EVENT}/cancellation`, {
        method: 'POST',
        headers: bearer(sale.operatorToken),
        body,
      });
    expect(await answer(cancel({}), 400)).toMatchObject({ code: 'malformed' });
    expect(await answer(cancel({ why: 'a storm' }), 200)).toMatchObject({ ordersToRefund: 0 });
    expect((await desk(OTHER_EVENT)).policy.open).toBe(false);
    expect(await answer(call(`/api/v1/events/${OTHER_EVENT}/line`, { method: 'POST' }), 409)).toMatchObject({
      code: 'roomClosed',
    });
    const held = await call(`/api/v1/events/${OTHER_EVENT}/holds`, {
      method: 'POST',
      headers: { ...bearer(session), ...key('over') },
      body: { tierId: 'field', quantity: 1 },
    });
    expect(await held.json()).toMatchObject({ code: 'eventCancelled' });
  });
}
