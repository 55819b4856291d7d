import { Refusal } from '@onsale/shared/errors';
import { type RoomPatch, RoomPolicy } from '@onsale/shared/http/internal';
import type { RehearsalRequest } from '@onsale/shared/http/rehearsals';
import type { Production } from '../catalog/programme.ts';
import type { Tx } from '../db/database.ts';
import { columnsOf, roomOf, selectRooms } from '../rooms/rooms.ts';
import { refuseEndBeforeOpening } from '../rooms/settled.ts';

type OfTiers = Extract<RehearsalRequest, { tiers: unknown }>;
type Like = Extract<RehearsalRequest, { like: unknown }>;

/** How a room is ruled when nothing else is said. */
const usual: RoomPolicy = {
  open: true,
  paused: false,
  ratePerMinute: 3_000,
  capacity: 2_000,
  claimWindowMs: 120_000,
  sessionTtlMs: 900_000,
  orderMode: 'arrival',
  opensAtMs: null,
  endsAtMs: null,
  priorityPercent: 30,
  returningPercent: 20,
  identity: 'session',
  whenAway: 'hold',
  message: null,
};
const HOLD_TTL_MS = 600_000;
/** Rehearsals are of shows a month ahead: nothing about them is over. */
const AHEAD_MS = 30 * 86_400_000;

/** What has to be staged for a rehearsal. @throws Refusal eventUnknown when that which it is like is not there; malformed */
export function productionOf(
  tx: Tx,
  asked: RehearsalRequest,
  nowMs: number,
): Promise<Production> | Production {
  return 'like' in asked ? likeEvent(tx, asked) : ofTiers(asked, nowMs);
}

function ofTiers({ eventId, name, buyerLimit, holdTtlMs, tiers, room }: OfTiers, nowMs: number): Production {
  return {
    venue: {
      id: eventId,
      name: 'Rehearsal',
      city: 'Nowhere',
      region: '',
      country: 'US',
      time_zone: 'UTC',
      capacity: tiers.reduce((sum, { quantity }) => sum + quantity, 0),
    },
    event: {
      id: eventId,
      name,
      starts_at: new Date(nowMs + AHEAD_MS),
      currency: 'USD',
      admission: 'general',
      buyer_limit: buyerLimit,
      hold_ttl_ms: holdTtlMs ?? HOLD_TTL_MS,
      rehearsal: true,
    },
    tiers: tiers.map(({ tierId, name: tierName, priceMinor, feeMinor, taxPercent }, at) => ({
      id: tierId,
      name: tierName,
      price_minor: priceMinor,
      fee_minor: feeMinor,
      tax_basis_points: Math.round(taxPercent * 100),
      position: at + 1,
    })),
    tickets: { units: Object.fromEntries(tiers.map(({ tierId, quantity }) => [tierId, quantity])) },
    room: roomColumns(usual, room),
  };
}

/** Its doors are open, whatever the other's schedule: a rehearsal comes before the sale that it is of. */
async function likeEvent(tx: Tx, asked: Like): Promise<Production> {
  const source = await tx.selectFrom('events').selectAll().where('id', '=', asked.like).executeTakeFirst();
  const room = await selectRooms(tx).where('event', '=', asked.like).executeTakeFirst();
  if (source === undefined || room === undefined) throw new Refusal('eventUnknown');
  const { created_at: _at, cancelled_at: _cancelled, venue, ...event } = source;
  const tiers = await tx.selectFrom('tiers').selectAll().where('event', '=', asked.like).execute();
  const { open, paused, opensAtMs, endsAtMs, message } = usual;
  const doors = { open, paused, opensAtMs, endsAtMs, message };
  return {
    venue: await tx.selectFrom('venues').selectAll().where('id', '=', venue).executeTakeFirstOrThrow(),
    event: {
      ...event,
      id: asked.eventId,
      name: asked.name,
      buyer_limit: asked.buyerLimit ?? source.buyer_limit,
      hold_ttl_ms: asked.holdTtlMs ?? source.hold_ttl_ms,
      rehearsal: true,
    },
    tiers: tiers.map(({ event: _event, ...tier }) => tier),
    tickets: { like: asked.like },
    room: roomColumns({ ...RoomPolicy.parse(roomOf(room)), ...doors }, asked.room),
  };
}

function roomColumns(policy: RoomPolicy, patch: RoomPatch = {}): Production['room'] {
  refuseEndBeforeOpening(policy, patch);
  // Of a whole policy, so every column is there.
  return { ...columnsOf(policy), ...columnsOf(patch) } as Production['room'];
}
