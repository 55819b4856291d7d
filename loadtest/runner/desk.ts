import { setTimeout as delay } from 'node:timers/promises';
import { type Call, clientOver, overFetch, Undocumented } from '@onsale/shared/client';
import { Refusal } from '@onsale/shared/errors';
import { getEvent } from '@onsale/shared/http/events';
import { createLoadTestToken } from '@onsale/shared/http/load-tests';
import { getOperatorRoom, type OperatorRoom } from '@onsale/shared/http/operator';
import { createRehearsal, endRehearsal, type RehearsalRequest } from '@onsale/shared/http/rehearsals';
import { limits } from '@onsale/shared/limits';
import { bounds } from './bounds.ts';

/**
 * Where the fans of a run come from: a block that no fan of the internet has, with an address for each of four million. The token
 * of the run names it, and the limits per network then count these.
 */
export const ADDRESSES = '10.64.0.0/10';

/** What a run asks of the operator's routes. */
export interface Desk {
  /** @throws Refusal when the token does not give the right, or the sale is away. */
  loadTestToken(): Promise<string>;
  /** Sets the event up. Asked again, the same. */
  begin(request: RehearsalRequest): Promise<void>;
  /** Ends it for good. Asked again, it changes nothing. */
  end(event: string): Promise<void>;
  room(event: string): Promise<OperatorRoom>;
  /** The same, without patience: a sale that is busy must not be asked by several looks at once. */
  look(event: string): Promise<OperatorRoom>;
  /** Tickets that anyone could have now. */
  free(event: string): Promise<number>;
}

export function deskOf({ url, operatorToken: token }: { url: string; operatorToken: string }): Desk {
  const within = (timeoutMs: number): Call => clientOver(overFetch(fetch, { origin: url, timeoutMs }));
  const ask = within(bounds.deskTimeoutMs);
  const glance = within(bounds.lookTimeoutMs);
  return {
    async loadTestToken() {
      // Nobody knows how long a script runs; the longest a token may live is the longest run there can be.
      const body = { addresses: [ADDRESSES], ttlMs: limits.loadTestTokenTtlMaxMs };
      const { body: made } = await persistently(() => ask(createLoadTestToken, { token, body }));
      return made.loadTestToken;
    },
    async begin(body) {
      await persistently(() => ask(createRehearsal, { token, body }));
    },
    async end(eventId) {
      await persistently(() => ask(endRehearsal, { token, params: { eventId } }));
    },
    async room(eventId) {
      return (await persistently(() => ask(getOperatorRoom, { token, params: { eventId } }))).body;
    },
    async look(eventId) {
      return (await glance(getOperatorRoom, { token, params: { eventId } })).body;
    },
    async free(eventId) {
      const { body } = await persistently(() => ask(getEvent, { params: { eventId } }));
      return body.tiers.reduce((sum, tier) => sum + tier.free, 0);
    },
  };
}

/** For what may be asked again: a sale that was just under load may need a moment to hear. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= bounds.deskTries || !mayPass(error)) throw error;
      await delay(bounds.deskRetryMs);
    }
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof Refusal
    ? error.code === 'unavailable' || error.code === 'overloaded'
    : !(error instanceof Undocumented);
