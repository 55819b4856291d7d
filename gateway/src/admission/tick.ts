import type { AdmissionReason, Batch } from '@onsale/shared/http/internal';
import type { CoreClient } from '../core-client.ts';
import type { Line } from '../line/line.ts';
import type { Look } from '../line/look.ts';
import { decide, isSoldOut } from './decide.ts';
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
  /** Places offered by this tick. */
  admitted: number;
  /** Whether they were of a batch that an earlier tick had left. */
  finished: boolean;
}

/**
 * One tick of one room: finish the batch that is there, or decide, take, record and offer one; then leave the snapshot.
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
  finished: boolean;
  /** Undefined when the stock is not known. */
  soldOut: boolean | undefined;
}

/** Decides and takes. Redis clamps by slots, rate and batch size at the moment of taking. */
async function admit(parts: TickParts, { room, inLine, offers, sessions, fresh }: Look): Promise<Moved> {
  // Behind closed doors nobody asks how much is left.
  const stock = room.open ? await parts.stocks.of(room.eventId) : undefined;
  const soldOut = room.open ? stock && isSoldOut(stock) : false;
  const { wish, reason } = decide({
    policy: room,
    line: { waiting: inLine },
    shoppers: { offers, sessions, fresh },
    stock,
  });
  const taken = await parts.line.take(room.eventId, wish, reason);
  if (taken.outcome === 'none') return { reason: taken.reason, admitted: 0, finished: false, soldOut };
  const admitted = await recordAndOffer(parts, room.eventId, taken.batch);
  return {
    reason: admitted === undefined ? 'batch' : taken.batch.reason,
    admitted: admitted ?? 0,
    finished: taken.outcome === 'pending',
    soldOut,
  };
}

/** Finishes the batch that is there. A room that is closed or paused keeps it: its places go when the room goes on. */
async function finish(parts: TickParts, { room }: Look): Promise<Moved> {
  const nobody = { admitted: 0, finished: false, soldOut: undefined };
  if (!room.open) return { ...nobody, reason: 'closed', soldOut: false };
  if (room.paused) return { ...nobody, reason: 'paused' };
  const taken = await parts.line.take(room.eventId, 0, 'batch');
  if (taken.outcome === 'none') return { ...nobody, reason: taken.reason };
  const admitted = await recordAndOffer(parts, room.eventId, taken.batch);
  return { ...nobody, reason: 'batch', admitted: admitted ?? 0, finished: admitted !== undefined };
}

/** @returns how many this call offered; undefined when the batch is still there */
async function recordAndOffer(parts: TickParts, eventId: string, batch: Batch): Promise<number | undefined> {
  try {
    await parts.core.recordBatch(eventId, batch);
  } catch (error) {
    parts.onUnrecorded(error);
    return undefined;
  }
  const outcome = await parts.line.offer(eventId, batch);
  if (outcome === 'held') return undefined;
  return outcome === 'offered' ? batch.places.length : 0;
}

/** While the stock is not known, what the last snapshot said of it holds. */
async function leaveSnapshot(
  { line }: TickParts,
  eventId: string,
  { soldOut, ...report }: Moved,
): Promise<TickReport | undefined> {
  const before = soldOut === undefined ? await line.snapshot(eventId) : undefined;
  const look = await line.look(eventId, { shape: true });
  if (look === undefined) return undefined;
  const snapshot = snapshotOf(look, {
    reason: report.reason,
    soldOut: soldOut ?? before?.room.state === 'soldOut',
  });
  await line.putSnapshot(eventId, snapshot);
  return { ...report, waiting: snapshot.room.waiting };
}

/** Leaves a snapshot of what is there now and moves nobody: for a tick that finds another one at work on the room. */
export async function refresh(parts: TickParts, eventId: string): Promise<void> {
  const before = await parts.line.snapshot(eventId);
  if (before === undefined) return;
  await leaveSnapshot(parts, eventId, {
    reason: before.reason,
    admitted: 0,
    finished: false,
    soldOut: before.room.state === 'soldOut',
  });
}
