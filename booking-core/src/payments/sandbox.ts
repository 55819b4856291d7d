import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { ChargeState, Provider } from './provider.ts';

/**
 * The provider for tests, rehearsals and newcomers. Its ledger is two tables of its own and each call commits by itself
 * on connections of its own: it stands for an external system and survives our crashes as that would. Its clock is the
 * database's real one, since a provider knows nothing of ours.
 * @param slowMs how long a `sandboxSlow` charge stays pending
 */
export function sandboxProvider(db: Db, slowMs: number): Provider {
  const status = async (id: string): Promise<ChargeState | 'unknown'> => {
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
    status,
    async charge(id, amountMinor, method) {
      const waitMs = method === 'sandboxSlow' ? slowMs : 0;
      await db
        .insertInto('sandbox_charges')
        .values({
          id,
          amount_minor: amountMinor,
          state: stateOf(method),
          capture_at: sql<Date>`clock_timestamp() + ${waitMs} * interval '1 millisecond'`,
        })
        .onConflict((c) => c.doNothing())
        .execute();
      return (await status(id)) as ChargeState;
    },
    async refund(chargeId, amountMinor, refundId) {
      await sql`with fresh as (
          insert into sandbox_refunds (id, charge, amount_minor)
          values (${refundId}, ${chargeId}, ${amountMinor}) on conflict do nothing returning charge, amount_minor
        )
        update sandbox_charges c set refunded_minor = c.refunded_minor + f.amount_minor
        from fresh f where c.id = f.charge`.execute(db);
    },
  };
}

function stateOf(method: string): ChargeState {
  if (method === 'sandboxDecline') return 'declined';
  return method === 'sandboxSlow' ? 'pending' : 'captured';
}
