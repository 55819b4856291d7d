import type { Offered, Over, PlaceStatus, Shopping } from '@onsale/shared/http/line';
import type { z } from 'zod';

/** What ends a fan's waiting. `forgotten`: the line does not know the place; join again with its token. */
export type Told =
  | z.infer<typeof Offered>
  | z.infer<typeof Shopping>
  | z.infer<typeof Over>
  | { readonly state: 'soldOut' | 'forgotten' };

/** Whether a status ends the waiting, and as what. */
export function toldBy(status: PlaceStatus): Told | undefined {
  if (status.state !== 'waiting') return status;
  return status.room.state === 'soldOut' ? { state: 'soldOut' } : undefined;
}
