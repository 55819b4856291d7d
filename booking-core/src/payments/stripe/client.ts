import { Agent as PlainAgent } from 'node:http';
import { Agent } from 'node:https';
import { limits } from '@onsale/shared/limits';
import Stripe from 'stripe';

/**
 * Stripe's own client. It repeats nothing by itself, but for a connection that was closed under it, once, after half a second:
 * a repeat would double the fan's wait, while reconciliation repeats under the same keys. No telemetry: what a sale's latencies are is nobody's business.
 * @param apiUrl option STRIPE_API_URL
 */
export function stripeClient(secretKey: string, apiUrl: string): Stripe {
  const { protocol, hostname, port } = new URL(apiUrl);
  const secure = protocol === 'https:';
  const pool = { keepAlive: true, maxSockets: limits.stripeConnectionsMax };
  return new Stripe(secretKey, {
    host: hostname,
    port: port || (secure ? 443 : 80),
    protocol: secure ? 'https' : 'http',
    httpAgent: secure ? new Agent(pool) : new PlainAgent(pool),
    timeout: limits.providerTimeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
  });
}
