import { z } from 'zod';
import { limits } from './limits.ts';

/**
 * The closed list of refusals. A code is stable for ever; it is the last part of the problem's `type`
 * (`urn:onsale:problem:<code>`), and `docs/operations/errors.md` is made from this table.
 */
export const problems = {
  malformed: { status: 400, title: 'The request does not have the documented form' },
  idempotencyKeyMissing: { status: 400, title: 'This write needs an Idempotency-Key header' },
  tokenMissing: { status: 401, title: 'A token is needed here' },
  tokenInvalid: { status: 401, title: 'The token is forged, damaged, or for something else' },
  tokenExpired: { status: 401, title: 'The token is no longer valid' },
  otherDevice: { status: 403, title: 'This session belongs to another device' },
  sessionOver: { status: 403, title: 'The shopping session is over' },
  webhookForged: { status: 401, title: 'The signature of this delivery is missing, false or too old' },
  accessOnly: { status: 403, title: 'These seats are kept for wheelchair users and their companions' },
  forbidden: { status: 403, title: 'This token does not give that right' },
  routeUnknown: { status: 404, title: 'There is no such route' },
  eventUnknown: { status: 404, title: 'There is no such event' },
  tierUnknown: { status: 404, title: 'This event has no such tier' },
  holdUnknown: { status: 404, title: 'There is no such hold' },
  orderUnknown: { status: 404, title: 'There is no such order' },
  ticketUnknown: { status: 404, title: 'There is no such ticket here, or not any more' },
  providerUnknown: { status: 404, title: 'There is no such payment provider' },
  sectionUnknown: { status: 404, title: 'This event has no such section' },
  placeUnknown: { status: 404, title: 'This place is not in the line; join again' },
  methodNotAllowed: { status: 405, title: 'This route does not take that method' },
  notEnough: { status: 409, title: 'Fewer tickets are free than were asked for' },
  notTogether: { status: 409, title: 'Enough tickets are free, but not beside each other' },
  seatsTaken: { status: 409, title: 'Some of the chosen seats are taken' },
  soldOut: { status: 409, title: 'Every ticket is sold' },
  buyerLimit: { status: 409, title: 'This buyer may not take so many tickets' },
  holdExpired: { status: 409, title: 'The hold is over and the tickets went back on sale' },
  extensionSpent: { status: 409, title: 'The time of a hold is extended once' },
  orderClosed: { status: 409, title: 'The order can no longer be paid' },
  orderNotPaid: { status: 409, title: 'This order has no tickets to give back' },
  cancellationClosed: { status: 409, title: 'This order can no longer be cancelled' },
  eventCancelled: { status: 409, title: 'This event was cancelled' },
  inFlight: { status: 409, title: 'A request with this Idempotency-Key is being worked on' },
  alreadyCheckedIn: { status: 409, title: 'This ticket was checked in before' },
  ticketNotValid: { status: 409, title: 'This ticket is no longer valid: it was given back' },
  roomClosed: { status: 409, title: 'The doors of this event are not open' },
  offerLapsed: { status: 409, title: 'The offer was not claimed in time' },
  placeRemoved: { status: 403, title: 'An operator took this place out of the line' },
  orderSettled: { status: 409, title: 'Fans may have joined: how this line is ordered stays as it is' },
  invitationNeeded: { status: 403, title: 'This room takes invited fans only' },
  invitationInvalid: { status: 403, title: 'This is no invitation to this event' },
  invitationSpent: { status: 409, title: 'The invitation has been used as often as it may be' },
  invitationOver: { status: 409, title: 'The invitation has expired or was withdrawn' },
  turnsSpent: { status: 409, title: 'This fan has been let in as often as the event allows' },
  rehearsalTaken: {
    status: 409,
    title: 'This id is taken: by a rehearsal set up otherwise, or one that is over',
  },
  notARehearsal: { status: 409, title: 'This event is no rehearsal' },
  loadTestRefused: { status: 403, title: 'The load-test token is not good, or not for this address' },
  bodyTooLarge: { status: 413, title: 'The body is too large' },
  mediaType: { status: 415, title: 'Send application/json' },
  idempotencyMismatch: { status: 422, title: 'This Idempotency-Key was used for another request' },
  addressNotAllowed: {
    status: 422,
    title: 'A load test may not name these addresses: they may be those of fans',
  },
  methodNotOffered: { status: 422, title: 'This way of paying is not offered here' },
  paymentDeclined: { status: 402, title: 'The payment was declined' },
  tooManyRequests: { status: 429, title: 'Too many requests of this fan, or from his network' },
  internal: { status: 500, title: 'Something went wrong on our side; nothing was changed' },
  unavailable: { status: 503, title: 'A part of the sale is away for a moment; try again' },
  overloaded: { status: 503, title: 'Too many requests at once; try again' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

/** RFC 9457 problem details: the one shape of every error answer, HTTP and socket alike. */
export const Problem = z
  .object({
    type: z.string().describe('`urn:onsale:problem:` and the code'),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string().optional(),
    requestId: z.string().optional(),
    free: z
      .int()
      .nonnegative()
      .optional()
      .describe('notEnough, notTogether, soldOut, buyerLimit: tickets free now'),
    held: z
      .int()
      .nonnegative()
      .optional()
      .describe('The same codes: tickets held by others, which may come back'),
    buyerMayTake: z
      .int()
      .nonnegative()
      .optional()
      .describe('The same codes: tickets still allowed to this buyer'),
    offer: z
      .object({ quantity: z.int().positive(), together: z.boolean() })
      .nullable()
      .optional()
      .describe('notEnough, notTogether: what the same request, for so many, would get now; null: nothing'),
    taken: z
      .array(z.int().positive())
      .max(limits.holdQuantityMax)
      .optional()
      .describe('seatsTaken: all of the chosen ones that are not free'),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .max(20)
      .optional()
      .describe('malformed: where and why'),
    retryAfterMs: z.int().nonnegative().optional().describe('When asking again is worth it'),
    checkedInAtMs: z.int().nonnegative().optional().describe('alreadyCheckedIn: when'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

type Extra = Partial<
  Pick<
    Problem,
    | 'detail'
    | 'free'
    | 'held'
    | 'buyerMayTake'
    | 'offer'
    | 'taken'
    | 'issues'
    | 'retryAfterMs'
    | 'checkedInAtMs'
  >
>;

/** An expected failure. Thrown anywhere, mapped once to an HTTP or socket answer. Anything else thrown is `internal`. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly extra: Extra;

  constructor(code: ProblemCode, extra: Extra = {}, options?: { cause?: unknown }) {
    super(extra.detail ?? problems[code].title, options);
    this.name = 'Refusal';
    this.code = code;
    this.extra = extra;
  }

  /** The refusal that a problem tells of. */
  static from({
    type: _type,
    title: _title,
    status: _status,
    code,
    requestId: _id,
    ...extra
  }: Problem): Refusal {
    return new Refusal(code, extra);
  }

  get status(): number {
    return problems[this.code].status;
  }

  toProblem(requestId?: string): Problem {
    const { status, title } = problems[this.code];
    return {
      type: `urn:onsale:problem:${this.code}`,
      title,
      status,
      code: this.code,
      ...this.extra,
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
}
