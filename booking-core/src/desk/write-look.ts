import type { Tx } from '../db/database.ts';
import type { Actor } from '../rooms/audit.ts';

/** Subject of the audit's entries about who looked at whose data. */
const LOOKS = 'looks';

/**
 * Who looked, and whose orders he saw. The address that was asked for is not written: the audit is never erased, and an
 * order can be.
 */
export async function writeLook(
  tx: Tx,
  { actor, requestId }: Actor,
  seen: { readonly by: 'order' | 'email' | 'ticket' | 'whole'; readonly orders: readonly string[] },
): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      actor,
      action: 'orders.seen',
      subject: LOOKS,
      was: null,
      became: JSON.stringify(seen),
      why: null,
      request_id: requestId ?? null,
    })
    .execute();
}
