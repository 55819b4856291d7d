import type { OperatorRoom } from '@onsale/shared/http/operator';

export type Doors = 'open' | 'paused' | 'closed';

/** A room in one word. */
export const doorsOf = ({ open, paused }: OperatorRoom['policy']): Doors =>
  !open ? 'closed' : paused ? 'paused' : 'open';
