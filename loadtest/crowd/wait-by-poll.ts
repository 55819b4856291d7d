import { setTimeout as delay } from 'node:timers/promises';
import { bounds } from './bounds.ts';
import { retryAfterMs } from './caller.ts';
import type { Life } from './life.ts';
import { Undocumented } from './operations.ts';
import type { Shown } from './shown.ts';
import { type Told, toldBy } from './told.ts';

/** Waits in the line by asking, as a client without sockets does: as often as the answers say, with their ETag. */
export async function waitByPoll(life: Life, placeToken: string, shown: Shown): Promise<Told> {
  const { call, options, signal, random } = life;
  let etag: string | undefined;
  for (;;) {
    const asked = shown.asking();
    const heard = await call('status', { params: { eventId: options.event }, token: placeToken, etag });
    if (heard.problem?.code === 'placeUnknown') return { state: 'forgotten' };
    if (heard.problem) throw new Undocumented(`status: refused with ${heard.problem.code}`);
    if (heard.value) {
      etag = heard.headers.etag as string | undefined;
      const { value } = heard;
      // While the line is away the answer is what the gateway knew last, and says so: an upper bound.
      if (value.state === 'waiting' && value.place !== null && value.room.away === undefined)
        shown.exact(value.place, asked);
      const told = toldBy(heard.value);
      if (told !== undefined) return told;
    }
    const pauseMs = retryAfterMs(heard) || bounds.pollMs;
    await delay(pauseMs * (1 + random() / 10), undefined, { signal });
  }
}
