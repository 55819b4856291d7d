import { type FanSocket, openFanSocket } from './fan-socket.ts';

/** What the bench asks of a process of fans; each question gets one answer. */
export type Ask =
  | { ask: 'open'; servers: readonly Opened[] }
  | { ask: 'heard'; to: string }
  | { ask: 'stopReading'; to: string; count: number }
  | { ask: 'close'; to: string };

/** Sockets to one server, one after the other; each takes its own auth. */
export interface Opened {
  readonly to: string;
  readonly port: number;
  readonly auths: readonly object[];
  readonly perSecond: number;
}

/** Of each socket, in the order they were opened: when it last heard something (epoch ms) and the place it was told (-1 without). */
export interface Heard {
  readonly atMs: Float64Array;
  readonly places: Float64Array;
  /** Messages and their bytes, frames not counted, of all sockets since they were opened. */
  readonly messages: number;
  readonly bytes: number;
  readonly refused: number;
  /** What the first of them was told. */
  readonly refusal?: string;
}

/** Fans, many in one process: crowd.ts */
const crowds = new Map<string, { sockets: FanSocket[]; heard: Counted }>();
type Counted = { -readonly [K in keyof Heard]: Heard[K] };

const PLACE = '"place":';

async function open({ to, port, auths, perSecond }: Opened): Promise<void> {
  const heard: Counted = {
    atMs: new Float64Array(auths.length),
    places: new Float64Array(auths.length).fill(-1),
    messages: 0,
    bytes: 0,
    refused: 0,
  };
  const sockets: FanSocket[] = [];
  crowds.set(to, { sockets, heard });
  const began = performance.now();
  for (const [at, auth] of auths.entries()) {
    sockets.push(
      openFanSocket({ host: '127.0.0.1', port }, auth, (payload, kind) => hear(heard, at, payload, kind)),
    );
    while ((at + 1) / perSecond > (performance.now() - began) / 1_000) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

function hear(heard: Counted, at: number, payload: Buffer, kind: 'event' | 'refused'): void {
  if (kind === 'refused') {
    heard.refused += 1;
    heard.refusal ??= payload.toString();
    return;
  }
  heard.messages += 1;
  heard.bytes += payload.length;
  heard.atMs[at] = Date.now();
  const from = payload.indexOf(PLACE);
  if (from < 0) return;
  let place = 0;
  for (let digit = from + PLACE.length; ; digit += 1) {
    const value = payload[digit]! - 48;
    if (!(value >= 0 && value <= 9)) break;
    place = place * 10 + value;
  }
  heard.places[at] = place;
}

process.on('message', async (ask: Ask) => {
  if (ask.ask === 'open') {
    await Promise.all(ask.servers.map(open));
    process.send!('done');
    return;
  }
  const { sockets, heard } = crowds.get(ask.to)!;
  if (ask.ask === 'stopReading') for (const socket of sockets.slice(0, ask.count)) socket.stopReading();
  if (ask.ask === 'close') for (const socket of sockets) socket.close();
  process.send!(ask.ask === 'heard' ? heard : 'done');
});
