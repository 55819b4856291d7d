import { expect, test } from 'vitest';
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
    await wish(
      { url, operatorToken, event: EVENT },
      {
        policy: { ratePerMinute: 1_200, capacity: 300, claimWindowMs: 20_000, sessionTtlMs: 60_000 },
        holdTtlMs: 15_000,
      },
    );
    let over = false;
    const crowd = runCrowd({
      url,
      event: EVENT,
      fans: FANS,
      arrivalMs: FANS * 30,
      thinkMs: 300,
      vanish: 0.05,
      poll: 0.1,
      withinMs: runs(200_000, 560_000),
    }).finally(() => {
      over = true;
    });
    const kills = killAll(sale, () => over);
    const [result, killed] = await Promise.all([crowd, kills]);

    expect(killed).toBe(ROUNDS * VICTIMS.length);
    expect(result.ok, summary(result)).toBe(true);
    expect(result.reconnects + result.retries, 'the crowd was hit').toBeGreaterThan(0);
    const audit = await auditSale({ ...sale, event: EVENT });
    expect(audit.clean, printed(audit)).toBe(true);
    expect(result.tickets, summary(result)).toBe(STOCK);
  } finally {
    await sale.stop();
  }
});

/** Kills one after another while the crowd is at it, the next as soon as the last is back. @returns how many. */
async function killAll(sale: Sale, over: () => boolean): Promise<number> {
  let killed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of VICTIMS) {
      if (over()) return killed;
      await sale.kill(name, 'SIGKILL');
      killed += 1;
      await until(async () => (await fetch(sale.healthUrls[name]!)).ok, {
        what: `${name} back by itself`,
        withinMs: 20_000,
      });
    }
  }
  return killed;
}
