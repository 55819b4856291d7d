import { Refusal } from '@onsale/shared/errors';
import type { MiddlewareHandler } from 'hono';
import type { Catalog } from '../catalog/catalog.ts';

/**
 * Takes no new holds of an event that was cancelled. What this process has not heard yet (limits.eventMaxAgeMs) may still be
 * held, and cannot be bought: orders and payments ask the database.
 * @throws Refusal eventCancelled, eventUnknown
 */
export const onSale =
  (catalog: Catalog): MiddlewareHandler =>
  async (c, next) => {
    if ((await catalog.event(c.req.param('eventId')!)).cancelled) throw new Refusal('eventCancelled');
    await next();
  };
