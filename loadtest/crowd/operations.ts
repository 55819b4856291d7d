import type { AnswerOf } from '@onsale/shared/client';
import { getEvent } from '@onsale/shared/http/events';
import { createHold, releaseHold } from '@onsale/shared/http/holds';
import { claimOffer, getStatus, joinLine, leaveLine } from '@onsale/shared/http/line';
import { createOrder, listTickets, payOrder } from '@onsale/shared/http/orders';

export { Undocumented } from '@onsale/shared/client';

/** What a fan does over HTTP. */
export const operations = {
  join: joinLine,
  status: getStatus,
  leave: leaveLine,
  claim: claimOffer,
  event: getEvent,
  hold: createHold,
  release: releaseHold,
  order: createOrder,
  pay: payOrder,
  tickets: listTickets,
} as const;

export type OperationName = keyof typeof operations;
/** What a good answer holds. */
export type Answer<O extends OperationName> = Exclude<
  AnswerOf<(typeof operations)[O]>,
  { status: 304 }
>['body'];
