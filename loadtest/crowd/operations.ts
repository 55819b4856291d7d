import { Problem, type ProblemCode, problems } from '@onsale/shared/errors';
import { Event, getEvent } from '@onsale/shared/http/events';
import { createHold, Hold, releaseHold } from '@onsale/shared/http/holds';
import {
  claimOffer,
  getStatus,
  Joined,
  joinLine,
  leaveLine,
  PlaceStatus,
  Shopping,
} from '@onsale/shared/http/line';
import { createOrder, IssuedTickets, listTickets, Order, payOrder } from '@onsale/shared/http/orders';
import { z } from 'zod';

const Nothing = z.undefined();

/** What a fan does over HTTP: the route of the contract, and what a good answer holds. */
export const operations = {
  join: { route: joinLine, answer: Joined },
  status: { route: getStatus, answer: PlaceStatus },
  leave: { route: leaveLine, answer: Nothing },
  claim: { route: claimOffer, answer: Shopping },
  event: { route: getEvent, answer: Event },
  hold: { route: createHold, answer: Hold },
  release: { route: releaseHold, answer: Nothing },
  order: { route: createOrder, answer: Order },
  pay: { route: payOrder, answer: Order },
  tickets: { route: listTickets, answer: IssuedTickets },
} as const;

export type OperationName = keyof typeof operations;
export type Answer<O extends OperationName> = z.infer<(typeof operations)[O]['answer']>;

/** An answer that no document allows. */
export class Undocumented extends Error {
  override name = 'Undocumented';
}

/**
 * Reads an answer as the contract says it must be.
 * @returns the value, `unchanged` for 304, or the problem.
 * @throws Undocumented for a status, a code or a shape that the route does not name.
 */
export function readAnswer<O extends OperationName>(
  name: O,
  status: number,
  text: string,
): { value: Answer<O> } | { unchanged: true } | { problem: Problem } {
  const { route, answer } = operations[name];
  const documented = (route.responses as Record<number, { description: string } | undefined>)[status];
  if (documented === undefined) throw new Undocumented(`${name}: status ${status} is not documented`);
  if (status === 304) return { unchanged: true };
  if (status === 204) return { value: undefined as Answer<O> };
  const parsed = jsonOf(name, text);
  if (status < 300) return { value: shaped(name, answer as unknown as z.ZodType<Answer<O>>, parsed) };
  const problem = shaped(name, Problem, parsed);
  if (problems[problem.code].status !== status || !names(documented.description, problem.code)) {
    throw new Undocumented(`${name}: ${status} ${problem.code} is not documented for this route`);
  }
  return { problem };
}

/** `refusals()` writes the codes of a status into its description. */
const names = (description: string, code: ProblemCode): boolean => description.includes(`\`${code}\``);

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Undocumented(`${name}: the answer is not JSON`);
  }
}

function shaped<T>(name: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Undocumented(
    `${name}: the answer breaks the contract at ${path.join('.') || 'its root'}: ${message}`,
  );
}
