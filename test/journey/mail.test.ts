import { limits } from '@onsale/shared/limits';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openMailbox } from '../../booking-core/test/mailbox.ts';
import { startSale } from '../sale.ts';
import { until } from '../until.ts';

const MAILS = 60;
const KILLS = 3;
/** Longer than a worker needs for a mail, and to come back. */
const QUIET_MS = 3_000;

test('[MAIL-3] kill -9 of the worker in the middle of its mails loses none, and what goes out twice is the same mail', {
  timeout: 120_000,
}, async () => {
  const box = await openMailbox();
  const sale = await startSale({
    supervised: true,
    processes: { gateway: 0, admission: 0, core: 0 },
    env: { SMTP_URL: box.url },
  });
  const client = new pg.Client({ connectionString: sale.databaseUrl });
  try {
    await client.connect();
    let killing: Promise<void> | undefined;
    let killed = 0;
    let heard = 0;
    // In the worst moment: the server has the mail, and the worker is not told.
    box.beforeTaking = async () => {
      heard += 1;
      if (killed < KILLS && heard >= 7 * (killed + 1)) {
        killed += 1;
        killing = sale.kill('core-worker', 'SIGKILL');
      }
      await killing;
    };
    await client.query(
      `with bought as (
         insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at)
         select gen_random_uuid(), 'club-night', gen_random_uuid(), 'p', 1, 1, '', array[t.id], 'infinity'
         from (select id from tickets where event = 'club-night' order by id limit $1) t returning *
       ), orders as (
         insert into orders (id, event, buyer, hold, state, face_minor, total_minor, currency, buyer_name, buyer_email,
           print, settled_at)
         select id, event, buyer, id, 'paid', 4000, 4000, 'USD', 'Somebody', 'somebody@example.org', '', now()
         from bought returning id
       ), lines as (
         insert into order_lines ("order", ticket, price_minor, total_minor)
         select id, tickets[1], 4000, 4000 from bought returning "order"
       )
       insert into mails (id, kind, recipient, "order", facts, next_at)
       select mail_id('orderPaid', id::text), 'orderPaid', 'somebody@example.org', id, '{}', now() from orders`,
      [MAILS],
    );
    const waiting = async (): Promise<number> =>
      (await client.query<{ n: number }>(`select count(*)::int n from mails where state = 'waiting'`))
        .rows[0]!.n;
    let heardBefore = -1;
    let quietSinceMs = performance.now();
    await until(
      async () => {
        if (heard !== heardBefore) quietSinceMs = performance.now();
        heardBefore = heard;
        // What a dead worker had taken is due again later: later comes at once here, when nobody has anything else to send. While
        // a worker is at it, its own mails would come due again under it.
        const isQuiet = performance.now() - quietSinceMs > QUIET_MS;
        if (isQuiet)
          await client.query(`insert into sale_clock_offset (offset_by) values (interval '1 second')
          on conflict (only_row) do update set offset_by = sale_clock_offset.offset_by + interval '1 second'`);
        return killed === KILLS && (await waiting()) === 0;
      },
      { what: 'every mail sent', withinMs: 100_000 },
    );

    const ids = box.mails.map(({ headers }) => headers['message-id']!);
    const { rows } = await client.query<{ id: string; state: string; attempts: number }>(
      'select id, state, attempts from mails',
    );
    expect(new Set(ids)).toEqual(new Set(rows.map(({ id }) => `<${id}@localhost>`)));
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['sent']));
    // Only what was on its way when the worker was killed.
    expect(ids.length - MAILS).toBeGreaterThan(0);
    expect(ids.length - MAILS).toBeLessThanOrEqual(KILLS * limits.mailConnectionsMax);
  } finally {
    await client.end();
    await sale.stop();
    await box.close();
  }
});
