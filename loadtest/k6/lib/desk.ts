import { fail } from 'k6';
import http from 'k6/http';
import { settings } from './settings.ts';

/**
 * What the operator of a run asks at his desk, with ONSALE_OPERATOR_TOKEN. What he may not do, or is not answered, ends the
 * script.
 */

/** Of a room's policy, what scripts set. */
export interface Policy {
  readonly open: boolean;
  readonly paused: boolean;
  readonly ratePerMinute: number;
  readonly capacity: number;
  readonly claimWindowMs: number;
  readonly sessionTtlMs: number;
  readonly message: Readonly<Record<string, string>> | null;
}

/** The room as its operator sees it, as far as scripts read it. */
export interface DeskRoom {
  readonly policy: Policy & { readonly version: number };
  readonly live: {
    readonly state: string;
    readonly waiting: number;
    readonly away: number;
    readonly offers: number;
    readonly sessions: number;
    readonly admittedLastMinute: number;
    readonly reason: string;
    readonly tickedAtMs: number;
    readonly policyVersion: number;
  } | null;
  readonly serverTimeMs: number;
}

/** One record of who was let in. */
export interface AdmittedBatch {
  readonly epoch: number;
  readonly takenAtMs: number;
  readonly places: ReadonlyArray<{
    readonly place: string;
    readonly turn: number;
    readonly order: number;
    readonly lane: string;
    readonly back: boolean;
    readonly invitedAtMs: number | null;
  }>;
}

/** A hold that lives, as the desk finds it. */
export interface DeskHold {
  readonly holdId: string;
  readonly place: string | null;
}

const rooms = `/api/v1/operator/rooms/${settings.event}`;

export const readRoom = (): DeskRoom => ask<DeskRoom>('GET', rooms);

/** @returns the room as it is now; in force once a tick worked by `policy.version`. */
export const setPolicy = (policy: Partial<Policy>): DeskRoom => ask<DeskRoom>('PATCH', rooms, policy);

/** Everyone who was let in so far, oldest first. */
export function readAdmissions(): AdmittedBatch[] {
  const batches: AdmittedBatch[] = [];
  for (let after: string | null = '0'; after !== null; ) {
    type Page = { batches: AdmittedBatch[]; next: string | null };
    const page: Page = ask<Page>('GET', `${rooms}/admissions?after=${after}`);
    batches.push(...page.batches);
    after = page.next;
  }
  return batches;
}

/** Every hold that lives. */
export function readHolds(): DeskHold[] {
  const holds: DeskHold[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    type Page = { holds: DeskHold[]; cursor: string | null };
    const of = `eventId=${settings.event}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page: Page = ask<Page>('GET', `/api/v1/operator/holds?${of}`);
    holds.push(...page.holds);
    cursor = page.cursor;
  }
  return holds;
}

function ask<T>(method: string, path: string, body?: object): T {
  if (settings.operatorToken === '') fail('this script needs an operator: ONSALE_OPERATOR_TOKEN');
  const answer = http.request(method, settings.url + path, body === undefined ? null : JSON.stringify(body), {
    headers: {
      authorization: `Bearer ${settings.operatorToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    tags: { op: 'operator', name: 'operator' },
  });
  if (answer.status !== 200) fail(`the desk was refused: ${method} ${path}: ${answer.status} ${answer.body}`);
  return answer.json() as T;
}
