import { Refusal } from '@onsale/shared/errors';
import type { RehearsalRequest } from '@onsale/shared/http/rehearsals';
import { printOf } from '@onsale/shared/ids';
import { sql } from 'kysely';
import { stage } from '../catalog/stage.ts';
import type { Database, Tx } from '../db/database.ts';
import { type Actor, writeAudit } from '../rooms/audit.ts';
import { productionOf } from './production-of.ts';

/**
 * Puts a rehearsal on sale, whole, in one commit: killed anywhere, there is nothing of it. Of two that ask at once, one makes
 * it, and the other waits for the event's primary key and finds it.
 * @returns whether it is new
 * @throws Refusal eventUnknown, malformed; rehearsalTaken when what has its id was asked for otherwise, or is over
 */
export async function createRehearsal(
  { transact, db }: Database,
  asked: RehearsalRequest,
  actor: Actor,
): Promise<boolean> {
  const { eventId } = asked;
  const print = printOf({ asked: JSON.stringify(asked) });
  const isNew = await transact('read committed', async (tx) => {
    if (!(await stage(tx, await productionOf(tx, asked, Date.now())))) {
      await refuseAnother(tx, eventId, print);
      return false;
    }
    await tx.insertInto('rehearsals').values({ event: eventId, print }).execute();
    await writeAudit(tx, actor, {
      action: 'rehearsal.created',
      subject: eventId,
      was: {},
      became: asked,
    });
    return true;
  });
  // Without statistics the first claims of so many new rows would be planned for few.
  if (isNew) await sql`analyze tickets`.execute(db);
  return isNew;
}

async function refuseAnother(tx: Tx, eventId: string, print: Buffer): Promise<void> {
  const found = await tx
    .selectFrom('rehearsals')
    .innerJoin('rooms', 'rooms.event', 'rehearsals.event')
    .select(['print', 'retired_at'])
    .where('rehearsals.event', '=', eventId)
    .executeTakeFirst();
  if (found === undefined || !found.print.equals(print)) throw new Refusal('rehearsalTaken');
  if (found.retired_at !== null) throw new Refusal('rehearsalTaken', { detail: 'It is over.' });
}
