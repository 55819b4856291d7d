import { z } from 'zod';
import type { Room } from './http/internal.ts';

/**
 * `closed`: nobody joins. `preOpening`: fans join, the doors open at a set time. `healing`: the line was lost and is being
 * put together again, nobody is admitted. `ended`: the sale is over.
 */
export const RoomState = /* @__PURE__ */ z.enum([
  'closed',
  'preOpening',
  'open',
  'paused',
  'soldOut',
  'ended',
  'healing',
]);
export type RoomState = z.infer<typeof RoomState>;

/**
 * The one state of a room, the weightiest first: who waits in a paused room is to know that all is sold, and nobody is
 * shown a place of a line that is still being put together.
 */
export function roomStateOf(
  { open, paused, opensAtMs, endsAtMs }: Pick<Room, 'open' | 'paused' | 'opensAtMs' | 'endsAtMs'>,
  { nowMs, soldOut, healing }: { nowMs: number; soldOut: boolean; healing: boolean },
): RoomState {
  if (!open) return 'closed';
  if (endsAtMs !== null && nowMs >= endsAtMs) return 'ended';
  if (soldOut) return 'soldOut';
  if (opensAtMs !== null && nowMs < opensAtMs) return 'preOpening';
  if (healing) return 'healing';
  return paused ? 'paused' : 'open';
}
