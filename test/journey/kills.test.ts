import { expect, test } from 'vitest';
import { onServer } from '../../bin/stack/database.ts';
import { auditSale } from '../../loadtest/audit/audit.ts';
import { printed } from '../../loadtest/audit/print.ts';
import { runCrowd } from '../../loadtest/crowd/crowd.ts';
import { wish } from '../../loadtest/crowd/operator.ts';
import { summary } from '../../loadtest/crowd/print.ts';
import { runs } from '../depth.ts';
import { type Sale, startSale } from '../sale.ts';
import { until } from '../until.ts';

const EVENT = 'club-night';
const STOCK = 500;
const VICTIMS = ['admission', 'gateway', 'core', 'core-worker'];
const ROUNDS = runs(3, 5);
const FANS = runs(700, 1_500);

test('[RUN-6] [RUN-2] [ADM-5] [PAY-2] kill -9 of every process, three times each, or more, breaks no promise of a sale under way', {
  timeout: runs(240_000, 600_000),
}, async () => {
  const sale = await startSale({ supervised: true });
  try {
    const { gatewayUrl: url, operatorToken } = sale;
    const desk = { url, operatorToken, event: EVENT };
    const policy = { capacity: 300, claimWindowMs: 20_000, sessionTtlMs: 60_000 };
    // So slow that the sale outlasts the kills, however long a process takes to be back.
    await wish(desk, { policy: { ...policy, ratePerMinute: 120 }, holdTtlMs: 15_000 });
    const crowd = runCrowd({
      url,
      event: EVENT,
      fans: FANS,
      arrivalMs: FANS * 30,
      thinkMs: 300,
      vanish: 0.05,
      poll: 0.1,
      withinMs: runs(200_000, 560_000),
    });
    const soldMeanwhile = async (): Promise<number> => {
      await killAll(sale);
      const sold = await soldOf(sale);
      await wish(desk, { policy: { ...policy, ratePerMinute: 6_000 }, holdTtlMs: 15_000 });
      return sold;
    };
    const [result, sold] = await Promise.all([crowd, soldMeanwhile()]);

    expect(sold, 'the kills were in mid-sale').toBeGreaterThan(0);
    expect(sold, 'the kills were in mid-sale').toBeLessThan(STOCK);
    expect(result.ok, summary(result)).toBe(true);
    expect(result.reconnects + result.retries, 'the crowd was hit').toBeGreaterThan(0);
    const audit = await auditSale({ ...sale, event: EVENT });
    expect(audit.clean, printed(audit)).toBe(true);
    expect(result.tickets, summary(result)).toBe(STOCK);
  } finally {
    await sale.stop();
  }
});

/** Kills one after another, the next as soon as the last is back. */
async function killAll(sale: Sale): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of VICTIMS) {
      await sale.kill(name, 'SIGKILL');
      await until(async () => (await fetch(sale.healthUrls[name]!)).ok, { what: `${name} back by itself` });
    }
  }
}

async function soldOf({ databaseUrl }: Sale): Promise<number> {
  const { rowCount } = await onServer(databaseUrl, (client) =>
    client.query("select 1 from tickets where event = $1 and free_at = 'infinity'", [EVENT]),
  );
  return rowCount ?? 0;
}
