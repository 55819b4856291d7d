import { randomBytes } from 'node:crypto';
import { commitmentOf } from '@onsale/shared/draw';
import type { Room } from '@onsale/shared/http/internal';
import type { Redis } from 'ioredis';
import { Line } from '../../../gateway/src/line/line.ts';

export const PREFIX = 'bench';
/** Joins that are on their way at once. */
const BATCH = 2_000;

/** Open to joins; nobody is admitted, so whoever joins waits. */
export const roomOf = (eventId: string): Room => ({
  eventId,
  open: true,
  paused: true,
  ratePerMinute: 60_000,
  capacity: 1_000,
  claimWindowMs: 120_000,
  sessionTtlMs: 600_000,
  orderMode: 'arrival',
  opensAtMs: null,
  endsAtMs: null,
  priorityPercent: 30,
  returningPercent: 20,
  identity: 'session',
  whenAway: 'hold',
  message: null,
  version: 1,
  epoch: 1,
  seed: '5'.repeat(64),
  commitment: commitmentOf('5'.repeat(64)),
  rehearsal: false,
});

/** The line of a room of its own. */
export async function openLine(redis: Redis, eventId: string): Promise<{ line: Line; eventId: string }> {
  const line = new Line(redis, PREFIX);
  await line.putRoom(roomOf(eventId));
  await line.revive(eventId, 1, 0);
  return { line, eventId };
}

/** Joins so many fans, as the gateway does it, by the same script. */
export async function fillLine(
  line: Line,
  eventId: string,
  { fans, say }: { fans: number; say: (line: string) => void },
): Promise<void> {
  for (let at = 0; at < fans; at += BATCH) {
    const joins = Array.from({ length: Math.min(BATCH, fans - at) }, () => ({
      place: randomBytes(16).toString('base64url'),
    }));
    for (const { outcome } of await line.joinAll(eventId, joins)) {
      if (outcome !== 'new') throw new Error(outcome);
    }
    if ((at / BATCH) % 100 === 99) say(`${eventId}: ${at + BATCH} joined`);
  }
}
