import { expect, test } from 'vitest';
import { auditSale } from '../../loadtest/audit/audit.ts';
import { printed } from '../../loadtest/audit/print.ts';
import { runCrowd } from '../../loadtest/crowd/crowd.ts';
import { wish } from '../../loadtest/crowd/operator.ts';
import { summary } from '../../loadtest/crowd/print.ts';
import { startSale } from '../sale.ts';
import { until } from '../until.ts';

const EVENT = 'club-night';
const FANS = 250;

test('[LINE-39] [RUN-9] two gateways behind one Redis, restarted one after the other under a crowd, lose nobody', {
  timeout: 180_000,
}, async () => {
  const sale = await startSale({ processes: { gateway: 2 } });
  try {
    const { operatorToken, gatewayUrls } = sale;
    await wish(
      { url: gatewayUrls[0]!, operatorToken, event: EVENT },
      {
        policy: { ratePerMinute: 1_200, capacity: 100, claimWindowMs: 30_000, sessionTtlMs: 60_000 },
        holdTtlMs: 15_000,
      },
    );
    const crowds = gatewayUrls.map((url, at) =>
      runCrowd({
        url,
        event: EVENT,
        fans: FANS,
        seed: at + 1,
        arrivalMs: 8_000,
        thinkMs: 200,
        poll: 0.2,
        withinMs: 120_000,
      }),
    );
    const socketsOf = async (at: number): Promise<number> => {
      const internal = sale.healthUrls[at === 0 ? 'gateway' : `gateway-${at + 1}`]!.replace(
        '/healthz',
        '/metrics',
      );
      const text = await (await fetch(internal)).text();
      return Number(/^onsale_gateway_sockets (\d+)/m.exec(text)?.[1] ?? 0);
    };
    for (const at of [0, 1]) {
      await until(async () => (await socketsOf(at)) > 20, {
        what: `a crowd at gateway ${at + 1}`,
      });
      const name = at === 0 ? 'gateway' : 'gateway-2';
      await sale.kill(name, 'SIGTERM');
      expect(sale.logs(name)).not.toContain('did not stop');
      await sale.restart(name);
    }
    for (const crowd of await Promise.all(crowds)) {
      expect(crowd.ok, summary(crowd)).toBe(true);
      expect(crowd.reconnects, summary(crowd)).toBeGreaterThan(0);
    }
    const audit = await auditSale({ ...sale, event: EVENT });
    expect(audit.clean, printed(audit)).toBe(true);
  } finally {
    await sale.stop();
  }
});
