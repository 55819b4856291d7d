import { expect, test } from 'vitest';
import { onServer } from '../../bin/stack/database.ts';
import { auditSale } from '../../loadtest/audit/audit.ts';
import { printed } from '../../loadtest/audit/print.ts';
import { runCrowd } from '../../loadtest/crowd/crowd.ts';
import { wish } from '../../loadtest/crowd/operator.ts';
import { summary } from '../../loadtest/crowd/print.ts';
import { runs } from '../depth.ts';
import { startSale } from '../sale.ts';

const EVENT = 'club-night';
const STOCK = 500;
const FANS = runs(600, 2_000);

test('[RUN-10] [LINE-9] [BOOK-4] a crowd buys exactly the 500 tickets, and everyone else is told', {
  timeout: 180_000,
}, async () => {
  const sale = await startSale({ supervised: true });
  try {
    const { gatewayUrl: url, operatorToken } = sale;
    await wish(
      { url, operatorToken, event: EVENT },
      {
        policy: { ratePerMinute: 60_000, capacity: 600, claimWindowMs: 60_000, sessionTtlMs: 120_000 },
        holdTtlMs: 15_000,
      },
    );
    const crowd = await runCrowd({
      url,
      event: EVENT,
      fans: FANS,
      arrivalMs: 10_000,
      thinkMs: 200,
      vanish: 0.1,
      decline: 0.05,
      poll: 0.05,
      withinMs: 150_000,
    });
    expect(crowd.ok, summary(crowd)).toBe(true);
    expect(crowd.tickets, summary(crowd)).toBe(STOCK);
    const { bought, vanished, declined, toldSoldOut } = crowd.endings;
    expect(bought + vanished + declined + toldSoldOut, summary(crowd)).toBe(FANS);
    expect(vanished).toBeGreaterThan(0);

    const audit = await auditSale({ ...sale, event: EVENT });
    expect(audit.clean, printed(audit)).toBe(true);
    const sold = await onServer(sale.databaseUrl, (client) =>
      client.query("select 1 from tickets where event = $1 and free_at = 'infinity'", [EVENT]),
    );
    expect(sold.rowCount).toBe(STOCK);
  } finally {
    await sale.stop();
  }
});
