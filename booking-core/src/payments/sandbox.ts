import { Refusal } from '@onsale/shared/errors';
import { WebhookEvent } from '@onsale/shared/http/webhooks';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { ChargeState, Provider } from './provider.ts';
import { scriptOf } from './sandbox-methods.ts';
import { checkWebhook, type WebhookKeys } from './signature.ts';

export const SANDBOX_SIGNATURE = 'onsale-sandbox-signature';

/**
 * The provider for tests, rehearsals and newcomers. Its ledger is tables of its own and each call commits by itself
 * on connections of its own: it stands for an external system and survives our crashes as that would. Its clock is the
 * database's real one, since a provider knows nothing of ours.
 * @param slowMs how long a slow charge stays pending
 */
export function sandboxProvider(db: Db, slowMs: number, keys: WebhookKeys): Provider {
  const stateOf = async (id: string): Promise<ChargeState | 'unknown'> => {
    await sql`update sandbox_charges set state = 'captured'
      where id = ${id} and state = 'pending' and capture_at <= clock_timestamp()`.execute(db);
    const row = await db
      .selectFrom('sandbox_charges')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.state ?? 'unknown';
  };

  return {
    name: 'sandbox',
    offer: { provider: 'sandbox' },
    status: ({ id }) => stateOf(id),
    // Its ids are ours, so there is nothing to write down.
    async charge({ id, amountMinor, method }) {
      const { answer, events, firm = false } = scriptOf(method);
      const planned = events(slowMs);
      const waitMs = answer === 'pending' ? slowMs : 0;
      const { rows } = await sql<{ state: ChargeState }>`with fresh as (
          insert into sandbox_charges (id, amount_minor, state, capture_at, firm)
          values (${id}, ${amountMinor}, ${answer}, clock_timestamp() + ${waitMs} * interval '1 millisecond', ${firm})
          on conflict do nothing returning id, state
        ), planned as (
          insert into sandbox_events (charge, state, deliver_at, deliveries_left)
          select f.id, e.state, clock_timestamp() + e.after_ms * interval '1 millisecond', e.times
          from fresh f, unnest(
            ${planned.map(({ state }) => state)}::text[], ${planned.map(({ afterMs }) => afterMs)}::int[],
            ${planned.map(({ times }) => times)}::int[]
          ) e(state, after_ms, times)
        )
        select state from fresh`.execute(db);
      const made = rows[0]?.state;
      // One that is pending for no time at all is captured by now.
      return made === undefined || made === 'pending' ? ((await stateOf(id)) as ChargeState) : made;
    },
    async cancel({ id, amountMinor }) {
      await sql`insert into sandbox_charges (id, amount_minor, state, capture_at)
        values (${id}, ${amountMinor}, 'cancelled', clock_timestamp())
        on conflict (id) do update set state = 'cancelled'
        where sandbox_charges.state = 'pending' and not sandbox_charges.firm
          and sandbox_charges.capture_at > clock_timestamp()`.execute(db);
      const state = await stateOf(id);
      return state === 'captured' || state === 'pending' ? 'tooLate' : 'cancelled';
    },
    async refund({ id }, amountMinor, refundId) {
      await sql`with fresh as (
          insert into sandbox_refunds (id, charge, amount_minor)
          values (${refundId}, ${id}, ${amountMinor}) on conflict do nothing returning charge, amount_minor
        )
        update sandbox_charges c set refunded_minor = c.refunded_minor + f.amount_minor
        from fresh f where c.id = f.charge`.execute(db);
    },
    webhook(headers, bytes, nowMs) {
      checkWebhook(keys, headers.get(SANDBOX_SIGNATURE), bytes, nowMs);
      const event = WebhookEvent.safeParse(jsonOf(bytes));
      if (!event.success) throw new Refusal('malformed');
      return { ...event.data, reference: null };
    },
  };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
