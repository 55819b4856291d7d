import { z } from 'zod';
import { Problem, type ProblemCode, problems } from '../errors.ts';
import { EventId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';

/** Epoch milliseconds. Every answer with a deadline carries the server's time beside it. */
export const TimeMs = z.int().nonnegative();
export const PriceMinor = z.int().nonnegative().describe("An amount in the currency's minor unit");
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217');

export const EventParams = z.object({ eventId: EventId });
export const HoldParams = z.object({ holdId: Uuid });
export const OrderParams = z.object({ orderId: Uuid });

/** Printable ASCII, as Stripe's; scoped to the buyer. */
export const IdempotencyKey = z
  .string()
  .min(1)
  .max(limits.idempotencyKeyMaxChars)
  .regex(/^[\x21-\x7e]+$/);

/** Header of a write that makes something. Without it the answer is `idempotencyKeyMissing`. */
export const WriteHeaders = z.object({ 'idempotency-key': IdempotencyKey });
/** Header of a write that is idempotent by its nature (DELETE, PATCH, joining): checked when given, never needed. */
export const IdempotentHeaders = z.object({ 'idempotency-key': IdempotencyKey.optional() });

export const json = <S extends z.ZodType>(schema: S, description: string) =>
  ({ description, content: { 'application/json': { schema } } }) as const;

export const body = <S extends z.ZodType>(schema: S) =>
  ({ required: true, content: { 'application/json': { schema } } }) as const;

/** Answers of a route that refuses with these codes, grouped by status as OpenAPI wants them. */
export function refusals(...codes: ProblemCode[]) {
  const always: ProblemCode[] = ['malformed', 'tooManyRequests', 'internal', 'unavailable', 'overloaded'];
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...codes, ...always])) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  );
}

export const bearer = (name: 'place' | 'session' | 'order' | 'operator' | 'service') => [
  { [name]: [] as string[] },
];
