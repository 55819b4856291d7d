import { inject } from 'vitest';
import { pickPort } from '../bin/stack/ports.ts';
import { howToGetStripeMock, stripeMockBinary } from '../bin/stack/stripe-mock-binary.ts';
import { supervise } from '../bin/stack/supervisor.ts';
import { describeWith } from './with-tool.ts';

/** Stripe's own mock: it knows every route and parameter of its API, validates, answers with examples, and remembers nothing. */
export async function startStripeMock(): Promise<{ url: string; stop: () => Promise<void> }> {
  const command = stripeMockBinary();
  if (command === undefined) throw new Error(`stripe-mock is not here: ${howToGetStripeMock()}`);
  const { dir } = inject('servers');
  const url = `http://127.0.0.1:${await pickPort(new Set())}`;
  const program = {
    name: 'stripe-mock',
    command,
    args: ['-http-addr', new URL(url).host],
    cwd: dir,
    env: {},
    // It answers everybody; whom it does not know with 401.
    healthy: async () => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).status === 401,
  };
  const { stop } = await supervise([[program]], {
    ...{ dir, restart: false, onLine: () => {}, onGiveUp: () => {} },
  });
  return { url, stop };
}

export const describeWithStripeMock = describeWith(stripeMockBinary());
