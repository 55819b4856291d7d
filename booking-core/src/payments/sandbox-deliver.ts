import { limits } from '@onsale/shared/limits';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { SANDBOX_SIGNATURE } from './sandbox.ts';
import { signWebhook, type WebhookKeys } from './signature.ts';

/** Sends one delivery to our webhook route. @returns the status of the answer */
export type Post = (bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>) => Promise<number>;

/**
 * Delivers the sandbox's webhooks that are due, as a provider would: signed, again until they are taken, and without a
 * promise of order. Of a charge that was cancelled nothing is told any more. Run twice at once it delivers twice, as real ones do.
 * @returns how many were taken
 */
export async function deliverSandboxEvents(db: Db, keys: WebhookKeys, post: Post): Promise<number> {
  const { rows } = await sql<{ id: string; charge: string; state: string }>`
    select e.id, e.charge, e.state from sandbox_events e join sandbox_charges c on c.id = e.charge
    where e.deliveries_left > 0 and e.deliver_at <= clock_timestamp() and c.state <> 'cancelled'
    order by e.deliver_at limit ${limits.sandboxDeliveriesMax}`.execute(db);
  let taken = 0;
  for (const { id, charge, state } of rows) {
    if (state === 'captured') {
      await sql`update sandbox_charges set state = 'captured' where id = ${charge} and state = 'pending'`.execute(
        db,
      );
    }
    const bytes = new TextEncoder().encode(JSON.stringify({ eventId: id, chargeId: charge, state }));
    const status = await post(bytes, {
      'content-type': 'application/json',
      [SANDBOX_SIGNATURE]: signWebhook(keys, bytes, Date.now()),
    }).catch(() => 0);
    const done = status >= 200 && status < 300;
    if (done) taken += 1;
    // One that is not taken goes to the end, so that it does not stand in the way of the others.
    await sql`update sandbox_events set deliveries_left = deliveries_left - ${done ? 1 : 0}::int,
      deliver_at = case when ${done} then deliver_at else clock_timestamp() + ${limits.sandboxRetryMs} * interval '1 millisecond' end
      where id = ${id} and deliveries_left > 0`.execute(db);
  }
  return taken;
}

/** @param url our webhook route, as the provider knows it */
export const postTo =
  (url: string): Post =>
  async (body, headers) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(limits.providerTimeoutMs),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
