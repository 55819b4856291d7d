import { createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
import { InvitationId, PlaceId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import {
  bearer,
  body,
  EventParams,
  IdempotencyKey,
  json,
  operators,
  refusals,
  TimeMs,
  WriteHeaders,
} from './common.ts';
import { Actor } from './internal.ts';
import { Why } from './refunds.ts';

/** Invitations: codes that lead to a lane, and in a room for invited fans are what a place belongs to. */

const text = (maxChars: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxChars)
    .regex(/^[^\p{C}]+$/u);

const terms = {
  label: text(limits.invitationLabelMaxChars)
    .nullable()
    .default(null)
    .describe('What operators know them by'),
  lane: z.enum(['priority', 'general']).default('priority').describe('Where who comes with it stands'),
  usesMax: z
    .int()
    .min(1)
    .max(limits.invitationUsesMax)
    .default(1)
    .describe('Places that may use it. In a room for invited fans one invitation is one place'),
  expiresAtMs: TimeMs.max(limits.timeMaxMs)
    .nullable()
    .default(null)
    .describe('Until when a place may use it first; null: always'),
};

export const InvitationOrder = z
  .strictObject({
    ...terms,
    count: z
      .int()
      .min(1)
      .max(limits.invitationBatchMax)
      .optional()
      .describe('So many, for nobody in particular'),
    subjects: z
      .array(text(limits.invitationSubjectMaxChars))
      .min(1)
      .max(limits.invitationBatchMax)
      .optional()
      .describe(
        'One for each: a member number, say. In a room for invited fans the place belongs to the subject, so two invitations of one are one place. No names, no addresses',
      ),
  })
  .refine(
    ({ count, subjects }) => (count === undefined) !== (subjects === undefined),
    'either count or subjects',
  )
  .meta({ id: 'InvitationOrder' });
export type InvitationOrder = z.infer<typeof InvitationOrder>;

export const Invitation = z
  .object({
    invitationId: InvitationId,
    label: z.string().nullable(),
    lane: z.enum(['priority', 'general']),
    subject: z.string().nullable(),
    usesMax: z.int().positive(),
    uses: z.int().nonnegative(),
    expiresAtMs: TimeMs.nullable(),
    createdAtMs: TimeMs,
    revokedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

/** With its code: who has that is invited. */
export const CodedInvitation = Invitation.extend({ code: z.string() }).meta({ id: 'CodedInvitation' });
export type CodedInvitation = z.infer<typeof CodedInvitation>;

const path = '/api/v1/operator/rooms/{eventId}/invitations';
const services = ['tokenMissing', 'tokenInvalid'] as const;
const refused = [...services, 'tokenExpired', 'forbidden'] as const;
const params = EventParams.extend({ invitationId: InvitationId });

export const createInvitations = createRoute({
  method: 'post',
  path,
  operationId: 'createInvitations',
  summary: 'Make invitations; the same key gives the same ones. In the audit',
  security: operators('manager'),
  request: { params: EventParams, headers: WriteHeaders, body: body(InvitationOrder) },
  responses: {
    201: json(
      z.object({ invitations: z.array(CodedInvitation).max(limits.invitationBatchMax) }),
      'With their codes',
    ),
    ...refusals(...refused, 'eventUnknown', 'idempotencyKeyMissing', 'idempotencyMismatch'),
  },
});

const after = InvitationId.optional().describe('`next` of the page before');

export const listInvitations = createRoute({
  method: 'get',
  path,
  operationId: 'listInvitations',
  summary: 'Invitations with their codes, a page at a time',
  security: operators('manager'),
  request: { params: EventParams, query: z.strictObject({ after }) },
  responses: {
    200: json(
      z.object({
        invitations: z.array(CodedInvitation).max(limits.invitationPageMax),
        next: InvitationId.nullable().describe('Null after the last page'),
      }),
      'One page',
    ),
    ...refusals(...refused, 'eventUnknown'),
  },
});

export const InvitationRevocation = z.strictObject({ why: Why }).meta({ id: 'InvitationRevocation' });

export const revokeInvitation = createRoute({
  method: 'delete',
  path: `${path}/{invitationId}`,
  operationId: 'revokeInvitation',
  summary: 'Withdraw an invitation; places that used it stay, and again changes nothing. In the audit',
  security: operators('manager'),
  request: { params, body: body(InvitationRevocation) },
  responses: {
    204: { description: 'Withdrawn' },
    ...refusals(...refused, 'invitationInvalid'),
  },
});

/** What the core is told of each: who comes with it is `buyer` in a room for invited fans, and has this place there. */
export const NewInvitation = z.object({
  invitationId: InvitationId,
  subject: z.string().max(limits.invitationSubjectMaxChars).nullable(),
  buyer: Uuid,
  place: PlaceId,
});
export type NewInvitation = z.infer<typeof NewInvitation>;

export const InvitationTerms = z.object(terms);
export type InvitationTerms = z.infer<typeof InvitationTerms>;

const internalPath = '/internal/rooms/{eventId}/invitations';

export const internalCreateInvitations = createRoute({
  method: 'post',
  path: internalPath,
  operationId: 'internalCreateInvitations',
  summary: "Write invitations down, in an operator's name; safe to repeat under one key",
  security: bearer('service'),
  request: {
    params: EventParams,
    body: body(
      Actor.extend({
        key: IdempotencyKey,
        terms: InvitationTerms,
        invitations: z.array(NewInvitation).min(1).max(limits.invitationBatchMax),
      }),
    ),
  },
  responses: {
    201: json(z.object({ invitations: z.array(Invitation) }), 'Written'),
    ...refusals(...services, 'eventUnknown', 'idempotencyMismatch'),
  },
});

export const internalListInvitations = createRoute({
  method: 'get',
  path: internalPath,
  operationId: 'internalListInvitations',
  summary: 'Invitations of an event, a page at a time',
  security: bearer('service'),
  request: { params: EventParams, query: z.strictObject({ after }) },
  responses: {
    200: json(
      z.object({
        invitations: z.array(Invitation).max(limits.invitationPageMax),
        next: InvitationId.nullable(),
      }),
      'One page',
    ),
    ...refusals(...services, 'eventUnknown'),
  },
});

export const internalRevokeInvitation = createRoute({
  method: 'delete',
  path: `${internalPath}/{invitationId}`,
  operationId: 'internalRevokeInvitation',
  summary: "Withdraw an invitation, in an operator's name; again changes nothing",
  security: bearer('service'),
  request: { params, body: body(Actor.extend({ why: Why })) },
  responses: { 204: { description: 'Withdrawn' }, ...refusals(...services, 'invitationInvalid') },
});

/** Which place an invitation is for, whose it is, and where it stands. */
export const Redeemed = z
  .object({
    outcome: z.enum(['new', 'already']),
    place: PlaceId,
    buyer: Uuid,
    lane: z.enum(['priority', 'general']),
  })
  .meta({ id: 'Redeemed' });
export type Redeemed = z.infer<typeof Redeemed>;

export const internalRedeemInvitation = createRoute({
  method: 'post',
  path: `${internalPath}/{invitationId}/uses`,
  operationId: 'internalRedeemInvitation',
  summary: 'A place comes with an invitation; safe to repeat: one place uses it once',
  security: bearer('service'),
  request: { params, body: body(z.object({ place: PlaceId, buyer: Uuid })) },
  responses: {
    200: json(Redeemed, 'May join'),
    ...refusals(...services, 'eventUnknown', 'invitationInvalid', 'invitationSpent', 'invitationOver'),
  },
});
