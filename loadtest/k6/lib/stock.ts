import { check, fail } from 'k6';
import http from 'k6/http';
import type { OperatorRoom } from './contract.ts';
import { fanOf } from './fan.ts';
import { settings } from './settings.ts';

/** What the sale had before the run. */
export interface Before {
  readonly sold: number;
}

/** For `setup()`: the event is there, and what is sold of it. */
export function beforeSale(): Before {
  const { value, code } = fanOf(-1).api.once('event');
  if (value === undefined) fail(`no event ${settings.event} at ${settings.url}: ${code}`);
  return { sold: stockNow()?.sold ?? 0 };
}

/** For `teardown()`: the stock adds up, and no more is sold than there is. */
export function afterSale(before: Before): void {
  const stock = stockNow();
  if (stock === undefined) return;
  check(stock, {
    'sold, held and free add up': ({ total, sold, held, free }) => sold + held + free === total,
    'no more is sold than there is': ({ total, sold }) => sold <= total && sold >= before.sold,
  });
}

/** Stock as the operator sees it, when a token is given. */
function stockNow(): NonNullable<OperatorRoom['stock']> | undefined {
  if (settings.operatorToken === '') return undefined;
  const answer = http.get(`${settings.url}/api/v1/operator/rooms/${settings.event}`, {
    headers: { authorization: `Bearer ${settings.operatorToken}` },
    tags: { op: 'operator', name: 'operator' },
  });
  if (answer.status !== 200) fail(`the operator's room cannot be read: ${answer.status}`);
  return (answer.json() as unknown as OperatorRoom).stock ?? undefined;
}
