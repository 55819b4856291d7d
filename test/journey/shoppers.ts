import { type Caller, createCaller } from '../../loadtest/crowd/caller.ts';
import { seeded } from '../../loadtest/crowd/random.ts';
import { Tally } from '../../loadtest/crowd/tally.ts';
import { openWire, type Wire } from '../../loadtest/crowd/wire.ts';
import { until } from '../until.ts';

export interface Shopper {
  readonly call: Caller;
  readonly session: string;
}

/** A connection to one gateway, shared by its fans. */
export interface Door {
  /** Joins as a new fan and shops as soon as it is his turn. */
  enter(number: number): Promise<Shopper>;
  close(): void;
}

export function doorOf(url: string, event: string): Door {
  const wire: Wire = openWire(url);
  const over = new AbortController();
  return {
    async enter(number) {
      const call = createCaller({
        wire,
        address: `10.77.${number >> 8}.${number & 255}`,
        tally: new Tally(),
        random: seeded(number),
        signal: over.signal,
      });
      const params = { eventId: event };
      const joined = (await call('join', { params })).value!;
      const pass = await until(
        async () => {
          const { value } = await call('status', { params, token: joined.placeToken });
          return value?.state === 'offered' && value.pass;
        },
        { what: `the turn of fan ${number}`, withinMs: 30_000 },
      );
      const { value, problem } = await call('claim', { params, body: { pass } });
      if (!value) throw new Error(`the claim of fan ${number} was refused: ${problem?.code}`);
      return { call, session: value.session };
    },
    close() {
      over.abort();
      wire.close();
    },
  };
}
