import { z } from 'zod';
import { Problem, type ProblemCode, problems, Refusal } from '../errors.ts';
import { EventId, Uuid } from '../ids.ts';
import { limits } from '../limits.ts';
import type { OperatorRole } from '../roles.ts';

/** Epoch milliseconds. Every answer with a deadline carries the server's time beside it. */
export const TimeMs = z.int().nonnegative();
export const PriceMinor = z.int().nonnegative().describe("An amount in the currency's minor unit");
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217');

/** What one ticket costs, part by part. */
export const Cost = z.object({
  priceMinor: PriceMinor.describe('Face price'),
  feeMinor: PriceMinor,
  taxMinor: PriceMinor.describe(
    'Of price and fee together; contained in them where the tier says tax included',
  ),
  totalMinor: PriceMinor.describe('What the fan pays for it, all in: show this one first'),
});
export type Cost = z.infer<typeof Cost>;

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

/** A body that may be left out: then it is as an empty one. */
export const optionalBody = <S extends z.ZodType>(schema: S) =>
  ({ required: false, content: { 'application/json': { schema } } }) as const;

/**
 * What any request may be answered with: by the app around the routes (a body that is too large or of another type, a form
 * that is not the documented one), or by a part that is away or has too much to do.
 */
const always = ['malformed', 'bodyTooLarge', 'mediaType', 'internal', 'unavailable', 'overloaded'] as const;

type StatusOf<C extends ProblemCode> = (typeof problems)[C]['status'];
/** Answers by status; what a status may mean is written down as one example for each code. */
type Refusals<C extends ProblemCode> = {
  readonly [S in StatusOf<C>]: {
    readonly description: string;
    readonly content: {
      readonly 'application/problem+json': {
        readonly schema: typeof Problem;
        readonly examples: Record<string, { summary: string; value: Problem }>;
      };
    };
  };
};

/** Answers of a route that refuses with these codes, grouped by status as OpenAPI wants them. */
export function refusals<C extends ProblemCode = never>(
  ...codes: C[]
): Refusals<C | (typeof always)[number]> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set<ProblemCode>([...codes, ...always])) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const answers = [...byStatus].map(([status, group]) => {
    const description = group.map((code) => `\`${code}\`: ${problems[code].title}`).join('; ');
    const examples = Object.fromEntries(
      group.map((code) => [code, { summary: problems[code].title, value: new Refusal(code).toProblem() }]),
    );
    return [
      status,
      { description, content: { 'application/problem+json': { schema: Problem, examples } } },
    ] as const;
  });
  return Object.fromEntries(answers) as unknown as Refusals<C | (typeof always)[number]>;
}

export const bearer = (name: 'place' | 'session' | 'order' | 'service') => [{ [name]: [] as string[] }];

/** An operator's token, of this role or a higher one: what the document says is what the gateway asks for. */
export const operators = (role: OperatorRole) => [{ operator: [role] as string[] }];
