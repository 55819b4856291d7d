import type { Standing } from './standing.ts';

/**
 * What somebody outside of Redis still knows of a place after a loss: its signed token, or a gateway that read it for a socket.
 * `epoch` is that of the room when it was known.
 */
export type Remembered = { readonly place: string; readonly epoch: number } & (
  | Pick<Extract<Standing, { stage: 'waiting' }>, 'stage' | 'turn' | 'lane' | 'order'>
  | Exclude<Standing, { stage: 'waiting' }>
);

/** As `lua/restore.lua` reads it. */
export function wordsOf(known: Remembered): (string | number)[] {
  const { place, epoch, turn } = known;
  switch (known.stage) {
    case 'waiting':
      return [place, epoch, turn, 'waiting', known.lane, known.order, ''];
    case 'offered':
      return [place, epoch, turn, 'offered', known.offeredAtMs, known.claimByMs, ''];
    case 'shopping':
      return [
        place,
        epoch,
        turn,
        'claimed',
        known.sessionExpiresAtMs,
        known.device ?? '',
        known.renewed ? 1 : 0,
      ];
    case 'over':
      return [place, epoch, turn, known.reason, '', '', ''];
  }
}
