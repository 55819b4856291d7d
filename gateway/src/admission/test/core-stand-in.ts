import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Batch, type Room, type Stock } from '@onsale/shared/http/internal';

/**
 * The internal contract of the booking core, over real HTTP, as far as admission needs it; what it keeps it keeps in
 * memory. It can be slow, and it can be away.
 */
export interface CoreStandIn {
  readonly url: string;
  readonly token: string;
  readonly rooms: Map<string, Room>;
  stock: Pick<Stock, 'total' | 'free' | 'held' | 'sold' | 'blocked' | 'lapsing' | 'pressure'>;
  /** Every first recording of (event, place, turn), in the order it came. */
  readonly recorded: { event: string; place: string; turn: number; order: number }[];
  /** Calls of recordBatch that have come, also those that are not answered yet. */
  recordCalls: number;
  /** Answers 503 to everything while set. */
  away: boolean;
  /** What every recording waits for: before it is kept, and after that before it is answered. */
  beforeRecord: () => Promise<void>;
  beforeAnswer: () => Promise<void>;
  stop(): Promise<void>;
}

const never = async (): Promise<void> => {};

export async function coreStandIn(): Promise<CoreStandIn> {
  const kept = new Set<string>();
  const core: Omit<CoreStandIn, 'url' | 'stop'> = {
    token: 'a service token of the tests, 32 characters or more',
    rooms: new Map(),
    stock: { total: 1_000_000, free: 1_000_000, held: 0, sold: 0, blocked: 0, lapsing: 0, pressure: 0 },
    recorded: [],
    recordCalls: 0,
    away: false,
    beforeRecord: never,
    beforeAnswer: never,
  };

  async function answer(request: IncomingMessage): Promise<[status: number, body: object]> {
    if (request.headers.authorization !== `Bearer ${core.token}`) return [401, {}];
    if (core.away) return [503, {}];
    const { pathname } = new URL(request.url ?? '', 'http://core');
    if (pathname === '/internal/rooms') return [200, { rooms: [...core.rooms.values()] }];
    const one = core.rooms.get(/^\/internal\/rooms\/([^/]+)$/.exec(pathname)?.[1] ?? '');
    if (one !== undefined) return [200, one];
    const asked = /^\/internal\/rooms\/([^/]+)\/(epochs|turns)$/.exec(pathname);
    if (asked?.[2] === 'turns') return [200, { turns: [], next: null }];
    if (asked?.[2] === 'epochs') {
      const room = core.rooms.get(asked[1]!);
      if (room === undefined) return [404, {}];
      const { from } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { from: number };
      if (room.epoch === from) {
        core.rooms.set(asked[1]!, { ...room, epoch: from + 1, version: room.version + 1 });
      }
      return [200, core.rooms.get(asked[1]!)!];
    }
    if (pathname.endsWith('/stock')) return [200, { ...core.stock, asOfMs: Date.now() }];
    const event = /^\/internal\/rooms\/([^/]+)\/batches$/.exec(pathname)?.[1];
    if (event === undefined) return [404, {}];

    core.recordCalls += 1;
    const batch = Batch.parse(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    await core.beforeRecord();
    const places = batch.places.map(({ place, turn, order }) => {
      const key = `${event} ${place} ${turn}`;
      if (kept.has(key)) return { place, turn, outcome: 'already' };
      kept.add(key);
      core.recorded.push({ event, place, turn, order });
      return { place, turn, outcome: 'new' };
    });
    await core.beforeAnswer();
    return [200, { places }];
  }

  const server: Server = createServer(async (request, response) => {
    const [status, body] = await answer(request).catch(
      (error: unknown) => [500, { error: String(error) }] as const,
    );
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(core, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** A door that whoever passes waits at until it is opened. */
export function door(): { wait: () => Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: () => promise, open: () => resolve() };
}
