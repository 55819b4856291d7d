import type { AdmissionReason, Batch, Stock } from '@onsale/shared/http/internal';
import type { Lane } from '@onsale/shared/lanes';
import { limits } from '@onsale/shared/limits';
import { type RoomState, roomStateOf } from '@onsale/shared/room-state';
import type { CoreClient } from '../core-client.ts';
import type { Line } from '../line/line.ts';
import type { Look } from '../line/look.ts';
import { decide, isSoldOut } from './decide.ts';
import { settled } from './estimates.ts';
import { stockForecastOf } from './forecast.ts';
import { memoryOf, remember } from './memory.ts';
import { snapshotOf } from './snapshot-of.ts';
import type { Stocks } from './stocks.ts';

export interface TickParts {
  readonly line: Line;
  readonly core: Pick<CoreClient, 'recordBatch'>;
  readonly stocks: Pick<Stocks, 'of'>;
  /** Told when the core did not record a batch; the batch stays and a later tick records it. */
  readonly onUnrecorded: (error: unknown) => void;
}

export interface TickReport {
  reason: AdmissionReason;
  waiting: number;
  /** Fans passed over. */
  away: number;
  /** Offers that ran out, since this Redis knows the room. */
  noShows: number;
  /** Fans in each lane, without those passed over. */
  inLanes: Record<Lane, number>;
  /** Places offered by this tick; and those of each lane. */
  admitted: number;
  fromLanes: Record<Lane, number>;
  /** Whether they were of a batch that an earlier tick had left. */
  finished: boolean;
  /** Whether nobody is there, and whether this tick is the first to say so, or the first that does not. */
  quiet: boolean;
  paceChanged: boolean;
}

/**
 * One tick of one room: finish the batch that is there, or decide, take, record and offer; then leave the snapshot.
 *
 * Any number of these may run at once, and each may die between any two statements:
 * - before `take`: nothing has happened.
 * - after `take`, before or during `recordBatch`: the batch stays in Redis and its places are in the line for all who
 *   ask. No second batch is taken. The next tick of any worker finds it and goes on here.
 * - after `recordBatch`, before `offer`: the same; the core answers `already`, and the places are offered once.
 * - after `offer`: the fans have their offers; the next tick leaves the snapshot.
 * Two that run at once share one batch: both record it, which the core counts once, and one of them offers it.
 *
 * @returns undefined when no copy of the room is here
 */
export async function tick(parts: TickParts, eventId: string): Promise<TickReport | undefined> {
  const look = await parts.line.look(eventId, { shape: false });
  if (look === undefined) return undefined;
  const moved = look.inBatch === undefined ? await admit(parts, look) : await finish(parts, look);
  return leaveSnapshot(parts, eventId, moved);
}

interface Moved {
  reason: AdmissionReason;
  admitted: number;
  fromLanes: Record<Lane, number>;
  finished: boolean;
  /** Undefined when the stock is not known. */
  soldOut: boolean | undefined;
  stock: Stock | undefined;
}

/**
 * Decides, then takes, records and offers, one batch after the other for as long as only its size bounds it. Redis clamps by
 * slots and rate at the moment of taking.
 */
async function admit(parts: TickParts, look: Look): Promise<Moved> {
  const { room, offers, sessions, fresh } = look;
  const state = doorsOf(look);
  // Behind closed doors nobody asks how much is left.
  const stock = isShut(state) ? undefined : await parts.stocks.of(room.eventId, stockMaxAgeMs(look));
  const decision = decide({
    state,
    policy: room,
    // Who was passed over and is back counts as waiting: Redis knows how many they are.
    line: { waiting: look.inLanes + look.away },
    shoppers: { offers, sessions, fresh },
    stock: stock && { ...stock, perFan: perFanOf(stock, look) },
  });
  const moved: Moved = {
    ...nobody(),
    reason: decision.reason,
    soldOut: isShut(state) ? false : stock && isSoldOut(stock),
    stock,
  };
  const batchesMax = Math.min(limits.batchesPerTickMax, 1 + Math.floor(look.inLanes / limits.batchMaxPlaces));
  for (let batches = 0; batches < batchesMax; batches += 1) {
    const taken = await parts.line.take(room.eventId, decision.wish - moved.admitted, decision.reason);
    if (taken.outcome === 'none') {
      moved.reason = taken.reason;
    } else {
      const offered = await recordAndOffer(parts, room.eventId, taken.batch);
      if (offered === undefined) return { ...moved, reason: 'batch' };
      count(moved, offered);
      moved.finished ||= taken.outcome === 'pending';
      moved.reason = taken.batch.reason;
    }
    if (moved.finished || !isBoundBySize(moved.reason)) break;
  }
  return moved;
}

/** To count a stadium costs; of a room where nobody waits, is let in or shops, it is enough to know it as anybody who asks does. */
const stockMaxAgeMs = ({ inLanes, away, offers, sessions }: Look): number =>
  inLanes + away + offers + sessions > 0 ? limits.stockMaxAgeMs : limits.eventMaxAgeMs;

/** What fans take: measured by turns that are over or, before enough are, estimated from what they hold. */
function perFanOf(stock: Stock, look: Look) {
  const memory = memoryOf(look.memory);
  return memory === undefined ? stock.perFan : (stockForecastOf(stock, memory, look)?.perFan ?? null);
}

/** More may go at once: the batch was full, or as many were passed over as one take may. */
const isBoundBySize = (reason: AdmissionReason): boolean => reason === 'batch' || reason === 'away';

/** Finishes the batch that is there. A room whose doors are shut keeps it: its places go when the room goes on. */
async function finish(parts: TickParts, look: Look): Promise<Moved> {
  const moved: Moved = { ...nobody(), reason: 'batch', soldOut: undefined, stock: undefined };
  const state = doorsOf(look);
  if (isShut(state)) return { ...moved, reason: state, soldOut: false };
  if (state !== 'open') return { ...moved, reason: state };
  const taken = await parts.line.take(look.room.eventId, 0, 'batch');
  if (taken.outcome === 'none') return { ...moved, reason: taken.reason };
  const offered = await recordAndOffer(parts, look.room.eventId, taken.batch);
  count(moved, offered ?? []);
  return { ...moved, finished: offered !== undefined };
}

const nobody = (): Pick<Moved, 'admitted' | 'fromLanes' | 'finished'> => ({
  admitted: 0,
  fromLanes: { priority: 0, returning: 0, general: 0 },
  finished: false,
});

function count(moved: Moved, offered: Batch['places']): void {
  moved.admitted += offered.length;
  for (const { lane } of offered) moved.fromLanes[lane] += 1;
}

const doorsOf = ({ room, nowMs, healing }: Look) =>
  roomStateOf(room, { nowMs, healing, soldOut: false }) as Exclude<RoomState, 'soldOut'>;

const isShut = (state: RoomState): state is 'closed' | 'ended' => state === 'closed' || state === 'ended';

/** @returns the places that this call offered; undefined when the batch is still there */
async function recordAndOffer(
  parts: TickParts,
  eventId: string,
  batch: Batch,
): Promise<Batch['places'] | undefined> {
  try {
    await parts.core.recordBatch(eventId, batch);
  } catch (error) {
    parts.onUnrecorded(error);
    return undefined;
  }
  const outcome = await parts.line.offer(eventId, batch);
  if (outcome === 'held') return undefined;
  return outcome === 'offered' ? batch.places : [];
}

/** While the stock is not known, what the last snapshot said of it holds. */
async function leaveSnapshot(
  { line }: TickParts,
  eventId: string,
  { soldOut, stock, ...report }: Moved,
): Promise<TickReport | undefined> {
  const before = soldOut === undefined || stock === undefined ? await line.snapshot(eventId) : undefined;
  const look = await line.look(eventId, { shape: true });
  if (look === undefined) return undefined;
  const seen = remember(memoryOf(look.memory), look, { reason: report.reason, stock });
  const memory = settled(look.room, seen);
  const snapshot = snapshotOf(look, {
    reason: report.reason,
    soldOut: soldOut ?? before?.room.state === 'soldOut',
    stock: stock === undefined ? (before?.forecast.stock ?? null) : stockForecastOf(stock, memory, look),
    memory,
  });
  const paceChanged = await line.putSnapshot(eventId, snapshot, JSON.stringify(memory));
  return {
    ...report,
    waiting: snapshot.room.waiting,
    away: look.away,
    noShows: look.noShows,
    quiet: snapshot.quiet,
    paceChanged,
    inLanes: {
      priority: look.lanes.priority.waiting,
      returning: look.lanes.returning.waiting,
      general: look.lanes.general.waiting,
    },
  };
}

/** Leaves a snapshot of what is there now and moves nobody: for a tick that finds another one at work on the room. */
export async function refresh(parts: TickParts, eventId: string): Promise<TickReport | undefined> {
  const before = await parts.line.snapshot(eventId);
  if (before === undefined) return undefined;
  return leaveSnapshot(parts, eventId, {
    ...nobody(),
    reason: before.reason,
    soldOut: before.room.state === 'soldOut',
    stock: undefined,
  });
}
