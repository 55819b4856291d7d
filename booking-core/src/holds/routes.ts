import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import {
  createHold,
  extendHold as extendRoute,
  getHold,
  releaseHold as releaseRoute,
} from '@onsale/shared/http/holds';
import { uuidOf } from '@onsale/shared/ids';
import { answer } from '@onsale/shared/service/answer';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Catalog } from '../catalog/catalog.ts';
import type { Seats } from '../catalog/seats.ts';
import type { Database } from '../db/database.ts';
import { requireToken } from '../service/rights.ts';
import { type AskParts, askFor } from './ask.ts';
import { extendHold } from './extend.ts';
import { readHold } from './read.ts';
import { releaseHold } from './release.ts';
import { viewOf } from './view.ts';

export interface HoldParts extends AskParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly seats: Seats;
  readonly ring: Keyring;
  /** Told what became of each request for a hold: `held`, `replay`, or the code of the refusal. */
  readonly onHold: (outcome: string) => void;
}

export function addHoldRoutes(app: OpenAPIHono<AppEnv>, parts: HoldParts): void {
  const { database, catalog, seats, onHold } = parts;
  const session = requireToken(parts.ring, 'session');
  app.use(createHold.getRoutingPath(), session);
  app.use(getHold.getRoutingPath(), session);
  app.use(extendRoute.getRoutingPath(), session);

  app.openapi(createHold, async (c) => {
    const { eventId } = c.req.valid('param');
    const { buyer, place, turn } = c.get('session');
    const event = await catalog.event(eventId);
    // A process that has not heard of it yet (limits.eventMaxAgeMs) is told so where the hold is judged.
    if (event.cancelled) throw new Refusal('eventCancelled');
    const id = uuidOf('hold', eventId, buyer, c.req.valid('header')['idempotency-key']);
    try {
      const verdict = await askFor(parts, event, c.req.valid('json'), { id, buyer, place, turn });
      onHold(verdict.outcome);
      return answer(c, await viewOf(seats, event, { id, nowMs: verdict.judgedAtMs, ...verdict }), 201);
    } catch (fault) {
      onHold(fault instanceof Refusal ? fault.code : 'fault');
      throw fault;
    }
  });

  app.openapi(getHold, async (c) => {
    const owner = c.get('session');
    const hold = await readHold(database.db, c.req.valid('param').holdId, owner);
    return c.json(await viewOf(seats, await catalog.event(owner.event), hold), 200);
  });

  app.openapi(releaseRoute, async (c) => {
    await releaseHold(database, c.req.valid('param').holdId, c.get('session'));
    return c.body(null, 204);
  });

  app.openapi(extendRoute, async (c) => {
    const owner = c.get('session');
    const { holdId } = c.req.valid('param');
    await extendHold(database, holdId, owner, c.req.valid('header')['idempotency-key']);
    const hold = await readHold(database.db, holdId, owner);
    return c.json(await viewOf(seats, await catalog.event(owner.event), hold), 200);
  });
}
