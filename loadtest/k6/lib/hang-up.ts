import type { WebSocket } from 'k6/websockets';

const CONNECTING = 0;

/**
 * Closes a WebSocket of k6. In `close` k6 waits for a connection that is still being made, with the whole virtual user, and for ever
 * when it cannot be made: such a one is closed once it is there.
 */
export function hangUp(socket: WebSocket): void {
  if (socket.readyState === CONNECTING) socket.addEventListener('open', () => socket.close());
  else socket.close();
}
