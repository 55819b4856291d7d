import { Refusal } from '@onsale/shared/errors';
import { limits } from '@onsale/shared/limits';
import type { AppEnv } from '@onsale/shared/service/app';
import { type TokenPayload, verifyToken } from '@onsale/shared/tokens/hmac';
import { bearerOf } from '@onsale/shared/tokens/secret';
import type { Context } from 'hono';
import type { Needs } from '../http/needs.ts';
import type { Line } from '../line/line.ts';

/** Header of a payment that names the session it ends. */
export const SESSION_HEADER = 'onsale-session';

/**
 * Lets only a living session through to the core, which checks the token again. While Redis is away, or has lost what it
 * knew, the token alone counts for as long as it lives: who is in keeps buying.
 * @throws Refusal tokenMissing, tokenInvalid (also of another event), tokenExpired, sessionOver
 */
export async function requireSession(
  c: Context<AppEnv>,
  { line, ring, clock }: Needs,
  eventId?: string,
): Promise<void> {
  const token = bearerOf(c.req.header('authorization'));
  if (token === undefined) throw new Refusal('tokenMissing');
  const { event, place, turn } = verifyToken(ring, 'session', token, clock());
  if (eventId !== undefined && event !== eventId) throw new Refusal('tokenInvalid');
  if (await isOver(line, event, place, turn).catch(() => false)) throw new Refusal('sessionOver');
}

const isOver = async (line: Line, event: string, place: string, turn: number): Promise<boolean> =>
  !(await line.sessionLives(event, place, turn)) && (await line.standing(event, place)) !== undefined;

/** @throws Refusal tokenMissing, tokenInvalid (also of another order) */
export function requireOrder(c: Context<AppEnv>, { ring, clock }: Needs, orderId: string): void {
  const token = bearerOf(c.req.header('authorization'));
  if (token === undefined) throw new Refusal('tokenMissing');
  if (verifyToken(ring, 'order', token, clock()).order !== orderId) throw new Refusal('tokenInvalid');
}

/**
 * Ends the session that bought an order, so that the next fan has its slot. Done after the answer is known and for
 * nobody's harm if it fails: a session that is not ended runs out.
 */
export async function endSession(token: string, eventId: string, needs: Needs): Promise<void> {
  const session = sessionIn(token, needs);
  if (session?.event !== eventId) return;
  const { place, turn } = session;
  if (!(await needs.line.sessionLives(eventId, place, turn))) return;
  await needs.line.leave(eventId, place, 'ordered');
  needs.wake(eventId, 'slot');
  needs.onMoved(eventId, place);
}

function sessionIn(token: string, { ring, clock }: Needs): TokenPayload<'session'> | undefined {
  if (token.length > limits.tokenMaxChars) return undefined;
  try {
    return verifyToken(ring, 'session', token, clock());
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
