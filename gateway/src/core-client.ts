import { type Call, clientOver } from '@onsale/shared/client';
import { type ProblemCode, Refusal } from '@onsale/shared/errors';
import { type AdmissionsPage, internalListAdmissions } from '@onsale/shared/http/admissions';
import { type CheckedIn, internalCheckIn } from '@onsale/shared/http/check-ins';
import {
  type Actor,
  type Batch,
  beginEpoch,
  type EventPatch,
  getRoom,
  getStock,
  internalDrawNewSeed,
  type KnownTurn,
  listRooms,
  listTurns,
  patchEvent,
  patchRoom,
  type RecordedBatch,
  type Room,
  type RoomPatch,
  recordBatch,
  type Stock,
} from '@onsale/shared/http/internal';
import {
  type Invitation,
  type InvitationTerms,
  internalCreateInvitations,
  internalListInvitations,
  internalRedeemInvitation,
  internalRevokeInvitation,
  type NewInvitation,
  type Redeemed,
} from '@onsale/shared/http/invitations';
import { internalNoteLoadTestToken } from '@onsale/shared/http/load-tests';
import { type Comp, type CompRequest, internalCreateComp } from '@onsale/shared/http/operator-comps';
import {
  type HoldSearch,
  internalListHolds,
  internalReleaseHold,
  type OperatorHolds,
} from '@onsale/shared/http/operator-holds';
import {
  type FoundOrders,
  internalLookAtOrder,
  internalSearchOrders,
  type OperatorOrder,
  type OrderSearch,
} from '@onsale/shared/http/operator-orders';
import { internalMoveStock, type StockMove, type StockMoved } from '@onsale/shared/http/operator-stock';
import {
  type CancelledEvent,
  cancelEvent,
  type EventCancellation,
  type RefundedOrder,
  type RefundRequest,
  refundOrder,
} from '@onsale/shared/http/refunds';
import {
  type InternalRehearsal,
  internalCreateRehearsal,
  internalEndRehearsal,
  internalGetRehearsal,
  type RehearsalRequest,
  type RehearsalState,
} from '@onsale/shared/http/rehearsals';
import { internalRemovePlace, internalRevokeTurn, type Revocation } from '@onsale/shared/http/removals';
import { limits } from '@onsale/shared/limits';
import type { z } from 'zod';
import { openCoreWire } from './core-wire.ts';

/**
 * The booking core's internal routes. Every call waits at most limits.coreTimeoutMs.
 * @throws Refusal what the core refused with; `unavailable` when it did not answer, or not as agreed
 */
export interface CoreClient {
  rooms(): Promise<Room[]>;
  room(eventId: string): Promise<Room>;
  patchRoom(eventId: string, actor: z.infer<typeof Actor>, patch: RoomPatch): Promise<Room>;
  drawNewSeed(eventId: string, actor: z.infer<typeof Actor>): Promise<Room>;
  patchEvent(eventId: string, actor: z.infer<typeof Actor>, patch: EventPatch): Promise<void>;
  /** Safe to repeat. Every place of the batch is in the answer. */
  recordBatch(eventId: string, batch: Batch): Promise<RecordedBatch>;
  stock(eventId: string): Promise<Stock>;
  /** The room in the epoch after `from`; asked again, the same. */
  beginEpoch(eventId: string, from: number): Promise<Room>;
  /** One page of every turn of the event, from the first after `after` on. */
  turns(eventId: string, after?: string): Promise<{ turns: KnownTurn[]; next: string | null }>;
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
  /** Safe to repeat under one key. */
  createComp(eventId: string, who: z.infer<typeof Actor> & { key: string }, comp: CompRequest): Promise<Comp>;
  holds(search: HoldSearch): Promise<OperatorHolds>;
  /** Safe to repeat. @returns the event that has its tickets back */
  releaseHold(holdId: string, actor: z.infer<typeof Actor>, why: string): Promise<{ eventId: string }>;
  searchOrders(search: OrderSearch, actor: z.infer<typeof Actor>): Promise<FoundOrders>;
  lookAtOrder(orderId: string, actor: z.infer<typeof Actor>): Promise<OperatorOrder>;
  /** One page of everyone who was let in, batch by batch. */
  admissions(eventId: string, after?: string): Promise<AdmissionsPage>;
  /** Safe to repeat. */
  removePlace(
    eventId: string,
    actor: z.infer<typeof Actor>,
    removal: { place: string; why: string },
  ): Promise<void>;
  /** Safe to repeat. */
  revokeTurn(eventId: string, actor: z.infer<typeof Actor>, revocation: Revocation): Promise<void>;
  /** Safe to repeat under one key. */
  createInvitations(
    eventId: string,
    who: z.infer<typeof Actor> & { key: string },
    asked: { terms: InvitationTerms; invitations: NewInvitation[] },
  ): Promise<Invitation[]>;
  invitations(eventId: string, after?: string): Promise<{ invitations: Invitation[]; next: string | null }>;
  /** Safe to repeat. */
  revokeInvitation(
    which: { eventId: string; invitationId: string },
    actor: z.infer<typeof Actor>,
    why: string,
  ): Promise<void>;
  /** Safe to repeat: a place uses an invitation once. */
  redeem(
    which: { eventId: string; invitationId: string },
    who: { place: string; buyer: string },
  ): Promise<Redeemed>;
  /** Safe to repeat. */
  createRehearsal(
    actor: z.infer<typeof Actor>,
    asked: RehearsalRequest,
  ): Promise<InternalRehearsal & { isNew: boolean }>;
  rehearsal(eventId: string): Promise<RehearsalState>;
  /** Safe to repeat. */
  endRehearsal(
    eventId: string,
    actor: z.infer<typeof Actor>,
  ): Promise<RehearsalState & { endedAtMs: number }>;
  noteLoadTestToken(
    actor: z.infer<typeof Actor>,
    named: { addresses: string[]; expiresAtMs: number },
  ): Promise<void>;
}

/** What is between us and the core, and no affair of the caller's: he hears that the core is away. */
const ours: ReadonlySet<ProblemCode> = new Set([
  'tokenMissing',
  'tokenInvalid',
  'internal',
  'mediaType',
  'bodyTooLarge',
]);

const away = (cause: unknown): Refusal =>
  new Refusal('unavailable', { retryAfterMs: limits.coreRetryAfterMs }, { cause });

/** @param url option CORE_INTERNAL_URL @param token option SERVICE_TOKEN */
export function coreClient(url: string, token: string): CoreClient {
  const call = orAway(clientOver(openCoreWire(url)));

  return {
    rooms: async () => (await call(listRooms, { token })).body.rooms,
    room: async (eventId) => (await call(getRoom, { token, params: { eventId } })).body,
    patchRoom: async (eventId, actor, patch) =>
      (await call(patchRoom, { token, params: { eventId }, body: { ...actor, patch } })).body,
    drawNewSeed: async (eventId, actor) =>
      (await call(internalDrawNewSeed, { token, params: { eventId }, body: actor })).body,
    async patchEvent(eventId, actor, patch) {
      await call(patchEvent, { token, params: { eventId }, body: { ...actor, patch } });
    },
    async recordBatch(eventId, batch) {
      const { body: recorded } = await call(recordBatch, { token, params: { eventId }, body: batch });
      const answered = new Set(recorded.places.map(({ place, turn }) => `${place}:${turn}`));
      const missing = batch.places.filter(({ place, turn }) => !answered.has(`${place}:${turn}`));
      if (missing.length > 0) throw away(new Error(`${missing.length} places of a batch were not recorded`));
      return recorded;
    },
    stock: async (eventId) => (await call(getStock, { token, params: { eventId } })).body,
    beginEpoch: async (eventId, from) =>
      (await call(beginEpoch, { token, params: { eventId }, body: { from } })).body,
    turns: async (eventId, after) =>
      (await call(listTurns, { token, params: { eventId }, query: { after } })).body,
    refundOrder: async (orderId, actor, key, refund) =>
      (await call(refundOrder, { token, params: { orderId }, body: { ...actor, key, refund } })).body,
    cancelEvent: async (eventId, actor, cancellation) =>
      (await call(cancelEvent, { token, params: { eventId }, body: { ...actor, cancellation } })).body,
    moveStock: async (eventId, who, asked) =>
      (await call(internalMoveStock, { token, params: { eventId }, body: { ...who, asked } })).body,
    createComp: async (eventId, who, comp) =>
      (await call(internalCreateComp, { token, params: { eventId }, body: { ...who, comp } })).body,
    holds: async (query) => (await call(internalListHolds, { token, query })).body,
    releaseHold: async (holdId, actor, why) =>
      (await call(internalReleaseHold, { token, params: { holdId }, body: { ...actor, why } })).body,
    searchOrders: async (search, actor) =>
      (await call(internalSearchOrders, { token, body: { ...actor, search } })).body,
    lookAtOrder: async (orderId, actor) =>
      (await call(internalLookAtOrder, { token, params: { orderId }, body: actor })).body,
    admissions: async (eventId, after) =>
      (await call(internalListAdmissions, { token, params: { eventId }, query: { after } })).body,
    async removePlace(eventId, actor, removal) {
      await call(internalRemovePlace, { token, params: { eventId }, body: { ...actor, ...removal } });
    },
    async revokeTurn(eventId, actor, revocation) {
      await call(internalRevokeTurn, { token, params: { eventId }, body: { ...actor, revocation } });
    },
    createInvitations: async (eventId, who, asked) =>
      (await call(internalCreateInvitations, { token, params: { eventId }, body: { ...who, ...asked } })).body
        .invitations,
    invitations: async (eventId, after) =>
      (await call(internalListInvitations, { token, params: { eventId }, query: { after } })).body,
    async revokeInvitation(params, actor, why) {
      await call(internalRevokeInvitation, { token, params, body: { ...actor, why } });
    },
    redeem: async (params, who) => (await call(internalRedeemInvitation, { token, params, body: who })).body,
    async createRehearsal(actor, asked) {
      const { status, body } = await call(internalCreateRehearsal, { token, body: { ...actor, asked } });
      return { ...body, isNew: status === 201 };
    },
    rehearsal: async (eventId) => (await call(internalGetRehearsal, { token, params: { eventId } })).body,
    endRehearsal: async (eventId, actor) =>
      (await call(internalEndRehearsal, { token, params: { eventId }, body: actor })).body,
    async noteLoadTestToken(actor, named) {
      await call(internalNoteLoadTestToken, { token, body: { ...actor, ...named } });
    },
    checkIn: async (code, actor) => (await call(internalCheckIn, { token, body: { ...actor, code } })).body,
  };
}

/** What the contract lets a caller be told passes; all else is a core that is away. */
const orAway =
  (call: Call): Call =>
  async (route, ...input) => {
    try {
      return await call(route, ...input);
    } catch (error) {
      throw error instanceof Refusal && !ours.has(error.code) ? error : away(error);
    }
  };
