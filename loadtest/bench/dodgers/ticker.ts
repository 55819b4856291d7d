import { setTimeout as delay } from 'node:timers/promises';
import type { AdmissionReason, Batch } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { Redis } from 'ioredis';
import { heal } from '../../../gateway/src/admission/heal.ts';
import { RoomTicks } from '../../../gateway/src/admission/room-ticks.ts';
import { Stocks } from '../../../gateway/src/admission/stocks.ts';
import { coreClient } from '../../../gateway/src/core-client.ts';
import { Line } from '../../../gateway/src/line/line.ts';
import { ownPeakBytes } from './memory.ts';

/** The admission worker without its queue, a process of its own: one tick of the room every limits.tickMs, by a timer. */
export interface TickerOptions {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly eventId: string;
  readonly coreUrl: string;
  readonly serviceToken: string;
}

/** What a tick did, and whom it offered his turn. */
export interface Ticked {
  readonly tookMs: number;
  readonly reason: AdmissionReason;
  readonly waiting: number;
  /** The most that the process ever had. */
  readonly peakBytes: number;
  readonly offered: readonly { readonly place: string; readonly turn: number }[];
}

const options = JSON.parse(process.argv[2]!) as TickerOptions;
const { eventId, prefix } = options;
const redis = new Redis(options.redisUrl, { maxRetriesPerRequest: null });
const line = new Line(redis, prefix);
const core = coreClient(options.coreUrl, options.serviceToken);

/** Places of the batches that the tick at work has recorded. */
let recorded: Batch['places'] = [];
const recording: Pick<typeof core, 'recordBatch'> = {
  async recordBatch(event, batch) {
    const answer = await core.recordBatch(event, batch);
    recorded = [...recorded, ...batch.places];
    return answer;
  },
};
const fail = (fault: unknown): never => {
  throw fault;
};
const ticks = new RoomTicks(
  { line, core: recording, stocks: new Stocks(core, fail), onUnrecorded: fail },
  (_event, { reason, waiting, admitted }, tookMs) => {
    const offered = recorded.map(({ place, turn }) => ({ place, turn }));
    if (admitted !== offered.length) throw new Error(`${offered.length} recorded and ${admitted} offered`);
    recorded = [];
    process.send!({ tookMs, reason, waiting, offered, peakBytes: ownPeakBytes() } satisfies Ticked);
  },
);

process.once('disconnect', () => process.exit());
void keepRooms();
setInterval(() => void ticks.run({ event: eventId, cause: 'schedule' }), limits.tickMs);

/** As the worker's watch does it: a changed policy is in force within a second. */
async function keepRooms(): Promise<void> {
  for (;;) {
    const room = await core.room(eventId);
    await line.putRoom(room);
    await heal({ line, core, onLost: () => fail(new Error('The line was lost.')) }, room);
    await delay(limits.roomsReadEveryMs);
  }
}
