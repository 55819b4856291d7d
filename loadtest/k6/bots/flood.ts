import http from 'k6/http';
import { settings } from '../lib/settings.ts';
import type { Tried } from './attempt.ts';

/** A network of documents, outside every block that a load test may name. */
const OWN_ADDRESS = '203.0.113.7';
const ROUNDS = 20;
const AT_ONCE = 20;
/** The window in which requests of one network are counted: limits.networkWindowMs. */
const WINDOW_MS = 60_000;

const kind = 'address-flood';

/**
 * One network that claims to be everywhere, without a load-test token: a made address in every header that some software
 * believes. `X-Forwarded-For` ends with its true one, as a proxy in front writes it; without a proxy that is trusted, the
 * whole header counts for nothing, and what counts is the machine that k6 runs on.
 * @param perMinute of one network at most: what goes beyond has got through
 */
export function flood(perMinute: number): readonly Tried[] {
  const startedAtMs = Date.now();
  const tried: Tried[] = [];
  let passed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const answers = http.batch(Array.from({ length: AT_ONCE }, (_, n) => requestOf(round * AT_ONCE + n)));
    // In another window as many may pass again.
    if (Date.now() - startedAtMs > WINDOW_MS) break;
    for (const { status } of answers) {
      if (status !== 429) passed += 1;
      if (status === 429) tried.push([kind, { status, code: 'tooManyRequests' }]);
      else if (passed > perMinute) tried.push([kind, { status: 200, code: 'onePastTheLimit' }]);
    }
  }
  return tried;
}

function requestOf(n: number) {
  const made = `10.${n % 200}.${(n * 7) % 250}.${(n * 13) % 250}`;
  return {
    method: 'POST',
    url: `${settings.url}/api/v1/events/${settings.event}/claim`,
    body: JSON.stringify({ pass: 'none' }),
    params: {
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': `${made}, ${OWN_ADDRESS}`,
        'x-real-ip': made,
        'true-client-ip': made,
        'cf-connecting-ip': made,
        forwarded: `for=${made}`,
      },
      tags: { op: 'bot', name: kind, kind },
      responseCallback: http.expectedStatuses({ min: 200, max: 499 }),
    },
  };
}
