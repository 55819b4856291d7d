import type { Snapshot } from '@onsale/shared/snapshot';

/** A tick as the next one is judged by it. */
export interface LastTick {
  /** By Redis's clock. */
  readonly atMs: number;
  readonly quiet: boolean;
}

/** Bytes of a snapshot's text that hold what is read without the rest; lua/snapshot.lua reads as many. */
export const HEAD_BYTES = 64;

/** As Redis keeps it: what is read without the rest comes first. */
export function snapshotText({ seq, atMs, quiet, ...rest }: Snapshot): string {
  return JSON.stringify({ seq, atMs, quiet, ...rest });
}

/** @param head the first HEAD_BYTES of a snapshot's text; empty where there is none */
export function lastTickOf(head: string): LastTick | undefined {
  const told = /^{"seq":\d+,"atMs":(\d+),"quiet":(true|false)/.exec(head);
  return told === null ? undefined : { atMs: Number(told[1]), quiet: told[2] === 'true' };
}
