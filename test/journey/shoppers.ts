import { type Caller, createCaller } from '../../loadtest/crowd/caller.ts';
import { seeded } from '../../loadtest/crowd/random.ts';
import { Tally } from '../../loadtest/crowd/tally.ts';
import { openWire, type Wire } from '../../loadtest/crowd/wire.ts';
import { until } from '../until.ts';

export interface Shopper {
  readonly call: Caller;
  readonly session: string;
  /** Of the device that the session is bound to. */
  readonly cookie: string;
}

/** A connection to one gateway, shared by its fans. */
export interface Door {
  /** Joins as a new fan and shops as soon as it is his turn. */
  enter(number: number): Promise<Shopper>;
  /** Joins as a new fan and is heard of no more. */
  join(number: number): Promise<void>;
  close(): void;
}

export function doorOf(url: string, event: string): Door {
  const wire: Wire = openWire(url);
  const over = new AbortController();
  const params = { eventId: event };
  const callerOf = (number: number): Caller =>
    createCaller({
      wire,
      address: `10.77.${number >> 8}.${number & 255}`,
      tally: new Tally(),
      random: seeded(number),
      signal: over.signal,
    });
  return {
    async join(number) {
      await callerOf(number)('join', { params });
    },
    async enter(number) {
      const call = callerOf(number);
      const join = await call('join', { params });
      const joined = join.value!;
      const cookie = join.headers['set-cookie']![0]!.split(';')[0]!;
      const pass = await until(
        async () => {
          const { value } = await call('status', { params, token: joined.placeToken });
          return value?.state === 'offered' && value.pass;
        },
        { what: `the turn of fan ${number}` },
      );
      const { value, problem } = await call('claim', { params, body: { pass } });
      if (!value) throw new Error(`the claim of fan ${number} was refused: ${problem?.code}`);
      return { call, session: value.session, cookie };
    },
    close() {
      over.abort();
      wire.close();
    },
  };
}

/** One plain request for a hold, through any front door: a repeat, which the crowd's caller would make, would hide a lost answer. */
export const holdAt = (
  url: string,
  event: string,
  { session, cookie }: Pick<Shopper, 'session' | 'cookie'>,
  { key, quantity }: { key: string; quantity: number },
): Promise<Response> =>
  fetch(`${url}/api/v1/events/${event}/holds`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${session}`,
      cookie,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ tierId: 'general', quantity }),
  });
