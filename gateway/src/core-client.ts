import { Problem, type ProblemCode, Refusal } from '@onsale/shared/errors';
import { CheckedIn, internalCheckIn } from '@onsale/shared/http/check-ins';
import {
  type Actor,
  type Batch,
  type EventPatch,
  getRoom,
  getStock,
  listRooms,
  patchEvent,
  patchRoom,
  RecordedBatch,
  Room,
  type RoomPatch,
  recordBatch,
  Stock,
} from '@onsale/shared/http/internal';
import { internalMoveStock, type StockMove, StockMoved } from '@onsale/shared/http/operator-stock';
import {
  CancelledEvent,
  cancelEvent,
  type EventCancellation,
  RefundedOrder,
  type RefundRequest,
  refundOrder,
} from '@onsale/shared/http/refunds';
import { limits } from '@onsale/shared/limits';
import { z } from 'zod';

/**
 * The booking core's internal routes. Every call waits at most limits.coreTimeoutMs.
 * @throws Refusal what the core refused with; `unavailable` when it did not answer, or not as agreed
 */
export interface CoreClient {
  rooms(): Promise<Room[]>;
  room(eventId: string): Promise<Room>;
  patchRoom(eventId: string, actor: z.infer<typeof Actor>, patch: RoomPatch): Promise<Room>;
  patchEvent(eventId: string, actor: z.infer<typeof Actor>, patch: EventPatch): Promise<void>;
  /** Safe to repeat. Every place of the batch is in the answer. */
  recordBatch(eventId: string, batch: Batch): Promise<RecordedBatch>;
  stock(eventId: string): Promise<Stock>;
  /** Safe to repeat under one key. */
  refundOrder(
    orderId: string,
    actor: z.infer<typeof Actor>,
    key: string,
    refund: RefundRequest,
  ): Promise<RefundedOrder>;
  /** Safe to repeat. */
  cancelEvent(
    eventId: string,
    actor: z.infer<typeof Actor>,
    cancellation: EventCancellation,
  ): Promise<CancelledEvent>;
  /** @param code text of a ticket's QR code, which the caller has verified */
  checkIn(code: string, actor: z.infer<typeof Actor>): Promise<CheckedIn>;
  moveStock(
    eventId: string,
    who: z.infer<typeof Actor> & { key: string },
    asked: StockMove,
  ): Promise<StockMoved>;
}

/** What the core may refuse a caller of ours with; anything else is between us and the core. */
const passedOn: ReadonlySet<ProblemCode> = new Set([
  'eventUnknown',
  'malformed',
  'overloaded',
  'orderUnknown',
  'ticketUnknown',
  'orderNotPaid',
  'idempotencyMismatch',
  'alreadyCheckedIn',
  'ticketNotValid',
  'tierUnknown',
  'notEnough',
  'idempotencyMismatch',
]);

const away = (cause: unknown): Refusal =>
  new Refusal('unavailable', { retryAfterMs: limits.coreRetryAfterMs }, { cause });

/** @param url option CORE_INTERNAL_URL @param serviceToken option SERVICE_TOKEN */
export function coreClient(url: string, serviceToken: string): CoreClient {
  async function call<S extends z.ZodType>(
    route: { method: string; path: string },
    answer: S,
    { eventId, orderId, body }: { eventId?: string; orderId?: string; body?: object } = {},
  ): Promise<z.output<S>> {
    const path = route.path
      .replace('{eventId}', encodeURIComponent(eventId ?? ''))
      .replace('{orderId}', encodeURIComponent(orderId ?? ''));
    try {
      const response = await fetch(new URL(path, url), {
        // fetch raises get, post and delete to capitals, and not patch.
        method: route.method.toUpperCase(),
        headers: {
          authorization: `Bearer ${serviceToken}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(limits.coreTimeoutMs),
      });
      const text = await response.text();
      if (!response.ok) throw refusalOf(response.status, text);
      return answer.parse(text === '' ? undefined : JSON.parse(text));
    } catch (error) {
      throw error instanceof Refusal ? error : away(error);
    }
  }

  return {
    rooms: async () => (await call(listRooms, z.object({ rooms: z.array(Room) }))).rooms,
    room: (eventId) => call(getRoom, Room, { eventId }),
    patchRoom: (eventId, actor, patch) => call(patchRoom, Room, { eventId, body: { ...actor, patch } }),
    patchEvent: (eventId, actor, patch) =>
      call(patchEvent, z.undefined(), { eventId, body: { ...actor, patch } }),
    async recordBatch(eventId, batch) {
      const recorded = await call(recordBatch, RecordedBatch, { eventId, body: batch });
      const answered = new Set(recorded.places.map(({ place, turn }) => `${place}:${turn}`));
      const missing = batch.places.filter(({ place, turn }) => !answered.has(`${place}:${turn}`));
      if (missing.length > 0) throw away(new Error(`${missing.length} places of a batch were not recorded`));
      return recorded;
    },
    stock: (eventId) => call(getStock, Stock, { eventId }),
    refundOrder: (orderId, actor, key, refund) =>
      call(refundOrder, RefundedOrder, { orderId, body: { ...actor, key, refund } }),
    cancelEvent: (eventId, actor, cancellation) =>
      call(cancelEvent, CancelledEvent, { eventId, body: { ...actor, cancellation } }),
    moveStock: (eventId, who, asked) =>
      call(internalMoveStock, StockMoved, { eventId, body: { ...who, asked } }),
    checkIn: (code, actor) => call(internalCheckIn, CheckedIn, { body: { ...actor, code } }),
  };
}

function refusalOf(status: number, text: string): Refusal {
  const problem = Problem.safeParse(safeJson(text)).data;
  if (problem === undefined || !passedOn.has(problem.code)) {
    return away(new Error(`the core answered ${status} ${problem?.code ?? ''}`));
  }
  const { code, detail, issues, retryAfterMs, free, held, checkedInAtMs } = problem;
  const extra = { detail, issues, retryAfterMs, free, held, checkedInAtMs };
  return new Refusal(
    code,
    Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined)),
  );
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
