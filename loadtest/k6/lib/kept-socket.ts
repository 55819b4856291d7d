import { clearTimeout, setTimeout } from 'k6/timers';
import { backOffMs } from '../../crowd/back-off.ts';
import { networkHeaders } from './api.ts';
import type { Problem, ServerMessage } from './contract.ts';
import type { Fan } from './fan.ts';
import { reconnects } from './metrics.ts';
import { settings } from './settings.ts';
import { type Connection, connect } from './socket-io.ts';

/** Version of what the socket says (shared/src/socket.ts). */
const SOCKET_VERSION = 1;

/** Refusals of the handshake after which a browser tries again. */
const LATER: ReadonlySet<string> = new Set(['overloaded', 'unavailable', 'tooManyRequests']);

export interface KeptSocket {
  /** Gives this connection up and makes another after so long. */
  comeBack(afterMs: number): void;
  close(): void;
}

/** A fan's socket as the page keeps it: lost, or refused for now, it is made again, with back-off and jitter. */
export function keptSocket(
  fan: Fan,
  placeToken: string,
  hears: { onMessage(message: ServerMessage): void; onRefused(code: string): void },
): KeptSocket {
  let connection: Connection | undefined;
  let timer: number | undefined;
  let failures = 0;
  let closed = false;

  const comeBack = (afterMs: number): void => {
    if (closed) return;
    reconnects.add(1);
    connection?.close();
    timer = setTimeout(dial, afterMs);
  };
  const failed = (askedMs: number): void => {
    failures += 1;
    comeBack(backOffMs(failures, askedMs, fan.random));
  };
  const dial = (): void => {
    connection = connect(settings.url, { v: SOCKET_VERSION, placeToken }, networkHeaders(fan.api.address), {
      onRefused(data) {
        const { code, retryAfterMs = 0 } = (data ?? { code: 'no problem' }) as Problem;
        if (LATER.has(code)) failed(retryAfterMs);
        else hears.onRefused(code);
      },
      onLost: () => failed(0),
      onEvent(_, data) {
        failures = 0;
        hears.onMessage(data as ServerMessage);
      },
    });
  };
  dial();
  return {
    comeBack,
    close() {
      closed = true;
      if (timer !== undefined) clearTimeout(timer);
      connection?.close();
    },
  };
}
