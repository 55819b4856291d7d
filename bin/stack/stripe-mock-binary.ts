import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildGo } from './go-build.ts';
import { onPath } from './shell.ts';
import { toolsFolder } from './state.ts';

/** Where Stripe's own mock of its API is: STRIPE_MOCK_BIN, on the path, or built before. */
export function stripeMockBinary(): string | undefined {
  if (process.env.STRIPE_MOCK_BIN) return process.env.STRIPE_MOCK_BIN;
  const built = builtAt();
  return onPath('stripe-mock') ?? (existsSync(built) ? built : undefined);
}

/** Builds it from the module pinned in bin/stack/stripe-mock. @returns why it could not be brought, or undefined */
export function bringStripeMock(): string | undefined {
  if (onPath('go') === undefined) return 'there is no Go here to build it';
  return buildGo('stripe-mock', 'github.com/stripe/stripe-mock', builtAt());
}

/** Found when asked: .onsale is made when something is put there. */
const builtAt = (): string => join(toolsFolder, 'stripe-mock');

export const howToGetStripeMock = (): string =>
  'install Go 1.26 (https://go.dev/dl) and run bin/test again, or set STRIPE_MOCK_BIN to a stripe-mock of your own';
