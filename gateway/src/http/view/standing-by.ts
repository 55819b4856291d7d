import { Refusal } from '@onsale/shared/errors';
import type { TokenPayload } from '@onsale/shared/tokens/hmac';
import type { Line } from '../../line/line.ts';
import { putBack } from '../../line/put-back.ts';
import type { Standing } from '../../line/standing.ts';
import { orUnavailable } from './away.ts';
import type { RoomNow, Rooms } from './rooms.ts';

/**
 * Where the fan of a token stands, exactly. What a loss of Redis took from the line is put back from the token first; a place
 * that is nowhere is looked for again with the room as it is now, for what is kept of the room may be older than the loss.
 * @throws Refusal placeUnknown, eventUnknown, unavailable
 */
export async function standingBy(
  { line, rooms }: { line: Line; rooms: Rooms },
  token: TokenPayload<'place'>,
): Promise<{ standing: Standing; now: RoomNow }> {
  const { event, place } = token;
  for (const read of [rooms.now, rooms.anew]) {
    const now = await read.call(rooms, event);
    await orUnavailable(putBack(line, now.room, token));
    const standing = await orUnavailable(line.standing(event, place));
    if (standing !== undefined) return { standing, now };
  }
  throw new Refusal('placeUnknown');
}
