import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { limits } from '../limits.ts';
import { body, refusals } from './common.ts';

export const OrderLinksRequest = z
  .strictObject({ email: z.email().max(limits.buyerEmailMaxChars) })
  .meta({ id: 'OrderLinksRequest' });

export const askOrderLinks = createRoute({
  method: 'post',
  path: '/api/v1/order-links',
  operationId: 'askOrderLinks',
  summary: 'A mail with links to all orders of an address, sent to that address',
  description:
    'The answer is always the same: it does not tell whether the address has orders. One mail for each address and twenty minutes, however often it is asked for; none when there are no orders.',
  request: { body: body(OrderLinksRequest) },
  responses: {
    202: { description: 'If there are orders of this address, a mail is on its way' },
    ...refusals('loadTestRefused', 'tooManyRequests'),
  },
});
