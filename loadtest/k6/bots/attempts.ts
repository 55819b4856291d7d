import { settings } from '../lib/settings.ts';
import type { Attempt } from './attempt.ts';
import { doorways, loadTestDoorway } from './doorways.ts';
import { orders } from './orders.ts';
import { passes } from './passes.ts';
import { places } from './places.ts';
import { sessions } from './sessions.ts';
import { sockets } from './sockets.ts';

/** Everything that is tried, each as often as the others: bots take the next one, round and round. */
export const attempts: readonly Attempt[] = [
  ...sessions,
  ...passes,
  ...places,
  ...orders,
  ...doorways,
  ...(settings.loadTestToken === '' ? [] : [loadTestDoorway]),
  ...sockets,
];
