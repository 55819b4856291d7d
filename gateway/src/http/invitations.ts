import type { OpenAPIHono } from '@hono/zod-openapi';
import {
  type CodedInvitation,
  createInvitations,
  type Invitation,
  type InvitationOrder,
  listInvitations,
  type NewInvitation,
  revokeInvitation,
} from '@onsale/shared/http/invitations';
import { placeIdOf, uuidOf } from '@onsale/shared/ids';
import type { AppEnv } from '@onsale/shared/service/env';
import { invitationCodeOf, invitationIdOf } from '@onsale/shared/tokens/invitation';
import type { Needs } from './needs.ts';
import { actorOf } from './operator.ts';

/** Operators make, list and withdraw invitations. The core has them; codes are signed here, where they are read. */
export function addInvitations(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { core, ring } = needs;
  const noStore = { 'cache-control': 'no-store' };
  const coded = (eventId: string, one: Invitation): CodedInvitation => ({
    ...one,
    code: invitationCodeOf(ring, eventId, one.invitationId),
  });

  app.openapi(createInvitations, async (c) => {
    const { eventId } = c.req.valid('param');
    const key = c.req.valid('header')['idempotency-key'];
    const { count, subjects, ...terms } = c.req.valid('json');
    const who = { ...actorOf(c, needs), key };
    const invitations = newInvitations(needs, eventId, { count, subjects }, `${who.actor}\0${key}`);
    const made = await core.createInvitations(eventId, who, { terms, invitations });
    return c.json({ invitations: made.map((one) => coded(eventId, one)) }, 201, noStore);
  });

  app.openapi(listInvitations, async (c) => {
    const { eventId } = c.req.valid('param');
    const { invitations, next } = await core.invitations(eventId, c.req.valid('query').after);
    return c.json({ invitations: invitations.map((one) => coded(eventId, one)), next }, 200, noStore);
  });

  app.openapi(revokeInvitation, async (c) => {
    await core.revokeInvitation(c.req.valid('param'), actorOf(c, needs), c.req.valid('json').why);
    return c.body(null, 204);
  });
}

/**
 * Names them, and says who comes with each in a room for invited fans: the subject, or without one whoever has the code.
 * Keyed, so that nobody who knows a subject can compute who that is.
 */
function newInvitations(
  { placeKey }: Needs,
  eventId: string,
  { count, subjects }: Pick<InvitationOrder, 'count' | 'subjects'>,
  key: string,
): NewInvitation[] {
  return Array.from({ length: count ?? subjects?.length ?? 0 }, (_, n) => {
    const invitationId = invitationIdOf(eventId, key, n);
    const subject = subjects?.[n] ?? null;
    const whom = subject === null ? `invitation\0${invitationId}` : `subject\0${subject}`;
    const buyer = uuidOf('invited', placeIdOf(placeKey, eventId, whom));
    return { invitationId, subject, buyer, place: placeIdOf(placeKey, eventId, buyer) };
  });
}
