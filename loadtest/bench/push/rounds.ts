import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import type { AllHeard, Fans } from './fans.ts';
import type { LongLine } from './line-of.ts';
import type { Measured } from './processes.ts';

/** What one tick that moves everybody gave. */
export interface Round {
  /** Of the gateway, and of the bare server that says as much to as many, in windows of the same length. */
  readonly cpuMs: number;
  readonly bareCpuMs: number;
  /** The same past Socket.IO: a WebSocket message to each connection. */
  readonly socketCpuMs: number;
  /** From the tick's beginning until so large a part of the sockets held its place. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one message. */
  readonly bytes: number;
  /** Sockets that were told a place that is not what the promise allows. */
  readonly wrong: number;
}

/** The names under which the fans know the two servers. */
export const OURS = 'gateway';
export const BARE = 'bare broadcast';

/** Fans behind the near sockets, and before all others, who give up before the tick: more than two samples lie apart there, so everyone behind has another place. */
const LEAVE = { fromPlace: 20_000, count: 6_000 };
/** Longer than any cadence, so that each round has everyone's place to tell. */
const ROUND_MS = 12_500;
const WINDOW_MS = 2_500;
const BEFORE_MS = 300;

export interface Stage {
  readonly line: LongLine;
  readonly gateway: Measured;
  readonly bare: Measured;
  readonly fans: Fans;
  /** Where the fans of the sockets stood at first. */
  readonly first: readonly number[];
}

export async function pushRound({ line, gateway, bare, fans, first }: Stage): Promise<Round> {
  const began = performance.now();
  await line.leave(LEAVE.fromPlace, LEAVE.count);
  const before = await fans.heard(OURS);
  let tickMs = 0;
  const cpuMs = await during(gateway, async () => {
    tickMs = await line.tick();
  });
  const after = await fans.heard(OURS);
  const truth = await line.placesOf(first);
  const bytes = (after.bytes - before.bytes) / (after.messages - before.messages);
  const bareCpuMs = await during(bare, async () => void bare.child.send({ say: textOf(bytes) }));
  const socketCpuMs = await during(bare, async () => void bare.child.send({ sayBare: textOf(bytes) }));
  await delay(Math.max(0, ROUND_MS - (performance.now() - began)));
  return {
    cpuMs,
    bareCpuMs,
    socketCpuMs,
    bytes,
    ...timesOf(before, after, tickMs),
    wrong: wrongIn(after, truth, tickMs),
  };
}

/** @returns CPU time of the server in a window in which this happens once, ms */
async function during(server: Measured, act: () => Promise<void>): Promise<number> {
  const before = await server.cpuMs();
  const began = performance.now();
  await delay(BEFORE_MS);
  await act();
  await delay(WINDOW_MS - (performance.now() - began));
  return (await server.cpuMs()) - before;
}

/** What a message of so many bytes says. */
const textOf = (bytes: number): object => ({
  text: 'x'.repeat(Math.max(0, Math.round(bytes) - '42["line",{"text":""}]'.length)),
});

/** Who was told no lesser place counts as told at the end of the round. */
function timesOf(before: AllHeard, after: AllHeard, tickMs: number): Pick<Round, 'p50Ms' | 'p99Ms'> {
  const times = after.atMs
    .map((atMs, at) => (after.places[at]! < before.places[at]! && atMs >= tickMs ? atMs - tickMs : ROUND_MS))
    .sort((a, b) => a - b);
  const at = (part: number): number => times[Math.ceil(times.length * part) - 1]!;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/**
 * A place below the true one is wrong whenever it was told; one above its bound, when it was told in this round.
 * @param truth true places, 0 of who is not in the line any more
 */
const wrongIn = ({ places, atMs }: AllHeard, truth: readonly number[], tickMs: number): number =>
  places.filter((place, at) => {
    const is = truth[at]!;
    const most = is <= limits.snapshotFrontPlaces ? is : is + Math.max(10, is * 0.005);
    return is > 0 && (place < is || (place > most && atMs[at]! >= tickMs));
  }).length;
