import type { Forecast } from '@onsale/shared/forecast';
import type { AdmissionReason } from '@onsale/shared/http/internal';
import { lanes } from '@onsale/shared/lanes';
import { roomStateOf } from '@onsale/shared/room-state';
import type { Snapshot } from '@onsale/shared/snapshot';
import { admittedIn, type Look } from '../line/look.ts';
import { crowdForecastOf, paceForecastOf } from './forecast.ts';
import type { Memory } from './memory.ts';

/** What the gateways are left with by a tick. */
export function snapshotOf(
  look: Look,
  {
    reason,
    soldOut,
    stock,
    memory,
  }: { reason: AdmissionReason; soldOut: boolean; stock: Forecast['stock']; memory: Memory },
): Snapshot {
  const { seq, nowMs, room, epoch, offers, sessions, away, noShows, flow, healing } = look;
  const state = roomStateOf(room, { nowMs, soldOut, healing });
  const waiting = look.inLanes + away + (look.inBatch ?? 0);
  return {
    seq,
    atMs: nowMs,
    // Doors that open at a set time, and a line that is gathered, have somebody to keep time for.
    quiet: waiting + offers + sessions === 0 && state !== 'preOpening' && !healing,
    room: { state, waiting, version: room.version },
    epoch,
    healing,
    reason,
    offers,
    sessions,
    away,
    noShows,
    admittedLastMinute: flow.reduce((sum, second) => sum + admittedIn(second), 0),
    forecast: {
      pace: state === 'open' || state === 'preOpening' ? paceForecastOf(room, memory) : null,
      crowd: crowdForecastOf(room, memory),
      stock,
    },
    samplesSeq: look.samplesSeq,
    lanes: Object.fromEntries(
      lanes.map((lane) => [
        lane,
        { ...look.lanes[lane], admittedLastMinute: flow.reduce((sum, second) => sum + second[lane], 0) },
      ]),
    ) as Snapshot['lanes'],
  };
}
