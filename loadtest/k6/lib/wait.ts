import { Trend } from 'k6/metrics';
import { clearTimeout, setTimeout } from 'k6/timers';
import type { PlaceStatus, ServerMessage } from './contract.ts';
import { connect } from './socket-io.ts';

/** How old a status is when the socket delivers it, by the server's clock: meaningful on one machine. */
const pushStaleness = new Trend('push_staleness', true);

export type Told = Exclude<PlaceStatus, { state: 'waiting' }> | { readonly state: 'soldOut' | 'lost' };

/** Waits with a socket until it is the fan's turn, all is sold, or the wait is over some other way. */
export function waitForTurn(
  url: string,
  placeToken: string,
  headers: Record<string, string>,
  withinMs: number,
): Promise<Told> {
  return new Promise((resolve) => {
    const finish = (told: Told): void => {
      clearTimeout(timer);
      connection.close();
      resolve(told);
    };
    const timer = setTimeout(() => finish({ state: 'lost' }), withinMs);
    const connection = connect(url, { v: 1, placeToken }, headers, {
      onRefused: () => finish({ state: 'lost' }),
      onLost: () => finish({ state: 'lost' }),
      onEvent(_, data) {
        const message = data as ServerMessage;
        if (message.type === 'status') {
          pushStaleness.add(Math.max(0, Date.now() - message.status.serverTimeMs));
          if (message.status.state !== 'waiting') return finish(message.status);
        }
        const room =
          message.type === 'status' ? message.status.room : 'room' in message ? message.room : undefined;
        if (room?.state === 'soldOut') finish({ state: 'soldOut' });
      },
    });
  });
}

/** What a socket with this token is refused with: a problem's code, or `accepted`, `lost`. */
export function refusalOf(url: string, placeToken: string, withinMs: number): Promise<string> {
  return new Promise((resolve) => {
    const finish = (code: string): void => {
      clearTimeout(timer);
      connection.close();
      resolve(code);
    };
    const timer = setTimeout(() => finish('lost'), withinMs);
    const connection = connect(
      url,
      { v: 1, placeToken },
      {},
      {
        onRefused: (data) => finish((data as { code?: string } | undefined)?.code ?? 'no problem'),
        onLost: () => finish('lost'),
        onEvent: () => finish('accepted'),
      },
    );
  });
}
