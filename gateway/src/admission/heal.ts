import type { Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import type { CoreClient } from '../core-client.ts';
import type { Line } from '../line/line.ts';

export interface HealParts {
  readonly line: Line;
  readonly core: Pick<CoreClient, 'beginEpoch' | 'turns'>;
  /** Told of every room that this Redis did not know, and its new epoch. */
  readonly onLost: (eventId: string, epoch: number) => void;
}

/**
 * Puts a room together again that this Redis does not know: it was emptied, restarted, or another took its place. The core
 * gives the next epoch and every turn that was ever recorded; the gateways bring the places, from tokens and from what they read
 * for their sockets, for limits.healMs. Only then is anybody admitted.
 *
 * Turns are asked for twice. At once, so that who has one hears of it; and when the places are gathered, for a batch that was
 * taken before the loss may have been recorded after the first asking: its fans would stand in the line again, in front of
 * others who had seen them go. No request to the core lives for so long (limits.coreTimeoutMs).
 *
 * Safe to run by several workers at once, and to die anywhere: the epoch is asked for from the one that the room had, turns
 * are written where they are not known, and until all of them are, the room keeps healing and the next round begins again.
 * Lost once more meanwhile, what is written for the life before is refused, and the next round heals the next one.
 */
export async function heal({ line, core, onLost }: HealParts, room: Room): Promise<void> {
  const { eventId } = room;
  const look = await line.look(eventId, { shape: false });
  if (look === undefined || (!look.lost && (look.turnsKnown || !look.gathered))) return;

  let { epoch } = look;
  if (look.lost) {
    const next = await core.beginEpoch(eventId, room.epoch);
    epoch = next.epoch;
    // A room that no Redis has known has nothing to gather.
    const isNew = epoch === 1;
    // This process's clock, too, is a bound of what the Redis before it can have given.
    const floor = isNew ? 0 : Date.now() * 1_000;
    await line.revive(eventId, epoch, isNew ? 0 : limits.healMs, { room: next, floor });
    if (!isNew) onLost(eventId, epoch);
  }
  let after: string | undefined;
  do {
    const { turns, next } = await core.turns(eventId, after);
    const isLast = next === null && look.gathered;
    if (!(await line.knowTurns(eventId, epoch, turns, isLast))) return;
    after = next ?? undefined;
  } while (after !== undefined);
}
