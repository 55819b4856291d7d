/**
 * What the library uses of k6's own modules, on Node: for tests of what it does with them. `vi.mock('k6/websockets', () =>
 * import('./k6-stand-in.ts'))`.
 */
type Name = 'open' | 'message' | 'close' | 'error';

/** k6's WebSocket, with headers of the handshake as its third argument takes them. */
class StandIn {
  readonly #socket: globalThis.WebSocket;

  constructor(url: string, _protocols: null, params: { headers?: Record<string, string> }) {
    // Node's own takes headers in the place of protocols.
    this.#socket = new globalThis.WebSocket(url, { headers: params.headers } as unknown as string[]);
  }

  send(data: string): void {
    this.#socket.send(data);
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  /** @throws where k6 would wait, perhaps for ever */
  close(): void {
    if (this.readyState === 0) throw new Error('closed while it is being made');
    this.#socket.close();
  }

  addEventListener(name: Name, listener: (event: object) => void): void {
    this.#socket.addEventListener(name, (event) =>
      listener(name === 'error' ? { error: 'failed' } : { data: (event as MessageEvent).data }),
    );
  }
}

export { StandIn as WebSocket };
export const { setTimeout, clearTimeout } = globalThis;
