import { commitmentOf } from '@onsale/shared/draw';
import { type Room, Stock } from '@onsale/shared/http/internal';
import { keysOf } from '@onsale/shared/redis-keys';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Redis } from 'ioredis';
import { type TickParts, tick } from '../../../gateway/src/admission/tick.ts';
import { Line } from '../../../gateway/src/line/line.ts';

const SEEDED_AT_ONCE = 5_000;
/** Two joins lie so far apart on average: a million in twenty minutes. */
const STEP_MICROS = 1_200;

/** A line of so many who joined one after the other, and the ticks of its room; the core is not there and says yes. */
export interface LongLine {
  readonly eventId: string;
  readonly places: number;
  /** What a socket of the fan who stood at this place at first connects with. */
  authOf(place: number): object;
  /** A tick, as the admission worker runs it. @returns when it began, epoch ms */
  tick(): Promise<number>;
  /** Fans far behind who give up. */
  leave(fromPlace: number, count: number): Promise<void>;
  /** Where the fans of these first places stand now; 0: not in the line. */
  placesOf(first: readonly number[]): Promise<number[]>;
}

export async function seedLine(
  redis: Redis,
  prefix: string,
  ring: Keyring,
  {
    eventId,
    places,
    ratePerMinute,
    presentPlaces,
  }: { eventId: string; places: number; ratePerMinute: number; presentPlaces: number },
): Promise<LongLine> {
  const line = new Line(redis, prefix);
  const keys = keysOf(prefix, eventId);
  const lastMicros = (await line.nowMs()) * 1_000 - 60_000_000;
  const orderOf = (place: number): number => lastMicros - (places - place) * STEP_MICROS;
  for (let from = 1; from <= places; from += SEEDED_AT_ONCE) {
    const members: string[] = [];
    for (let place = from; place < Math.min(from + SEEDED_AT_ONCE, places + 1); place += 1) {
      members.push(String(orderOf(place)), idOf(place));
    }
    await redis.zadd(keys.general, ...members);
  }
  await redis.set(keys.last, String(lastMicros));
  // Those at the front are there, for as long as the bench takes.
  const seenMs = (await line.nowMs()) + 3_600_000;
  for (let place = 1; place <= presentPlaces; place += 1) await redis.zadd(keys.seen, seenMs, idOf(place));
  await line.putRoom(roomOf(eventId, ratePerMinute));
  await line.revive(eventId, 1, 0);

  const parts: TickParts = {
    line,
    core: {
      recordBatch: async (_, batch) => ({
        places: batch.places.map(({ place, turn }) => ({ place, turn, outcome: 'new' as const })),
      }),
    },
    stocks: { of: async () => STOCK },
    onUnrecorded: (fault) => {
      throw fault;
    },
  };
  return {
    eventId,
    places,
    authOf(place) {
      const token = {
        event: eventId,
        place: idOf(place),
        buyer: buyerOf(place),
        order: orderOf(place),
        lane: 'general' as const,
        turn: 1,
        epoch: 1,
      };
      return { v: 1, placeToken: signToken(ring, 'place', token) };
    },
    async tick() {
      const beganMs = Date.now();
      await tick(parts, eventId);
      return beganMs;
    },
    async leave(fromPlace, count) {
      await redis.zremrangebyrank(keys.general, fromPlace - 1, fromPlace + count - 2);
    },
    async placesOf(first) {
      const asked = redis.pipeline();
      for (const place of first) asked.zrank(keys.general, idOf(place));
      const answers = (await asked.exec())!;
      return answers.map(([, rank]) => (rank === null ? 0 : (rank as number) + 1));
    },
  };
}

const idOf = (place: number): string => `fan${place}`.padEnd(22, 'A');
const buyerOf = (place: number): string => `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;

const SEED = '5'.repeat(64);
const roomOf = (eventId: string, ratePerMinute: number): Room => ({
  eventId,
  open: true,
  paused: false,
  ratePerMinute,
  capacity: 1_000_000,
  claimWindowMs: 600_000,
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
  seed: SEED,
  commitment: commitmentOf(SEED),
  rehearsal: false,
});

const STOCK = Stock.parse({
  total: 500_000,
  free: 400_000,
  held: 0,
  sold: 100_000,
  blocked: 0,
  heldUntilMs: null,
  perFan: { mean: 1.6, deviation: 0.9, fans: 60_000 },
  pressure: 0,
  asOfMs: 0,
});
