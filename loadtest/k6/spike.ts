import type { Options } from 'k6/options';
import { options as flashSale } from './flash-sale.ts';

/**
 * Everyone in the same second: all join at once, and all sockets are opened at once. What is seen is whether joining stays fast
 * and everyone has his place when the whole crowd stands at the door. They buy as in the flash sale. No options of its own;
 * see loadtest/README.md.
 */
export { fan, setup, teardown } from './flash-sale.ts';

export const options: Options = {
  ...flashSale,
  thresholds: { ...flashSale.thresholds, time_to_place: ['p(99)<2000'] },
};
