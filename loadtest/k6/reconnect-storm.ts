import exec from 'k6/execution';
import { Counter, Rate, Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { setTimeout } from 'k6/timers';
import { networkHeaders, pause } from './lib/api.ts';
import type { PlaceStatus } from './lib/contract.ts';
import { Wronged } from './lib/ending.ts';
import { type Fan, fanOf } from './lib/fan.ts';
import { fansAnswered, faults, reconnects, timeToPlace } from './lib/metrics.ts';
import { numberOption, settings } from './lib/settings.ts';
import { Listener } from './lib/storm/listener.ts';
import { fastEnough, sound, summaryTrendStats } from './lib/thresholds.ts';

/**
 * Everyone's socket is cut in the same moment, several times, while the room lets fans in: all come back at once (SPREAD_MS 0), or
 * as browsers do, each within a time of his own. Every fan must be told again where he stands, soon, and no place may have
 * moved back. A gateway that is restarted meanwhile tells its sockets when to come back, and they keep to it. See
 * loadtest/README.md.
 *
 * Options of its own: CUTS, CALM_SECONDS between them, SPREAD_MS, TOLD_WITHIN_MS, and SOCKETS_PER_VU, how many fans one of
 * k6's virtual users is.
 */
const { fans, patienceSeconds } = settings;
const cuts = numberOption('CUTS', 3, { min: 1, max: 1_000, whole: true });
const calmSeconds = numberOption('CALM_SECONDS', 8, { min: 1, max: 3_600 });
const spreadMs = numberOption('SPREAD_MS', 0, { min: 0, max: 600_000 });
const toldWithinMs = numberOption('TOLD_WITHIN_MS', 5_000, { min: 1, max: 600_000 });
const perVu = numberOption('SOCKETS_PER_VU', 50, { min: 1, max: 1_000, whole: true });

/** From connecting to the status. */
const toldAgain = new Trend('told_again', true);
/** From the cut to the status: its maximum is when everyone was told. */
const everyoneTold = new Trend('everyone_told', true);
/** Of all who were cut, those who were told again within TOLD_WITHIN_MS. */
const toldInTime = new Rate('told_in_time');
const movedBack = new Counter('places_moved_back');
/** What the server said of when to come back. */
const spreadTold = new Trend('spread_told', true);
const turns = new Counter('turns_had');

const vus = Math.ceil(fans / perVu);

export const options: Options = {
  scenarios: {
    crowd: {
      executor: 'per-vu-iterations',
      exec: 'crowd',
      vus,
      iterations: 1,
      maxDuration: `${Math.ceil(settings.arrivalSeconds + cuts * (calmSeconds + 60) + 60)}s`,
    },
  },
  thresholds: {
    ...sound,
    ...fastEnough(['join', 'claim', 'leave']),
    told_in_time: ['rate==1'],
    places_moved_back: ['count==0'],
    everyone_told: [`max<${toldWithinMs + spreadMs}`],
    told_again: [`p(99)<${toldWithinMs}`],
    fans_answered: ['rate==1'],
    turns_had: ['count>0'],
  },
  summaryTrendStats,
};

/** When the first cut comes: the same for all virtual users, which are one process. */
export const setup = (): { firstCutAtMs: number } => ({
  firstCutAtMs: Date.now() + (settings.arrivalSeconds + calmSeconds) * 1_000,
});

export async function crowd({ firstCutAtMs }: { firstCutAtMs: number }): Promise<void> {
  const first = exec.scenario.iterationInTest * perVu;
  const numbers = Array.from({ length: Math.max(0, Math.min(perVu, fans - first)) }, (_, n) => first + n);
  const waiting: Waiting[] = [];
  for (const number of numbers) waiting.push(await arrive(number));
  await until(() => waiting.every(({ listener }) => isTold(listener)), patienceSeconds * 1_000);

  for (let cut = 1; cut <= cuts; cut += 1) {
    await pause(Math.max(0, firstCutAtMs + (cut - 1) * calmSeconds * 1_000 - Date.now()));
    await storm(waiting, cut);
  }
  await pause(calmSeconds * 1_000);
  for (const one of waiting) await goHome(one);
}

const isTold = (listener: Listener): boolean => listener.isTold || listener.isDone;

/** A fan in the line. */
interface Waiting {
  readonly fan: Fan;
  readonly placeToken: string;
  readonly listener: Listener;
}

async function arrive(number: number): Promise<Waiting> {
  const fan = fanOf(number);
  const { value, code } = await fan.api.ask('join');
  if (value === undefined) throw new Wronged(`join: refused with ${code}`);
  timeToPlace.add(Date.now() - fan.cameAtMs);
  const { placeToken } = value;
  const headers = networkHeaders(fan.api.address);
  const { random } = fan;
  const listener: Listener = new Listener(
    { url: settings.url, headers, placeToken, random },
    {
      // The first status comes while others of this virtual user still join: what it took says nothing of the sale.
      again(askedMs, cutMs) {
        if (cutMs === undefined) return;
        toldAgain.add(askedMs);
        everyoneTold.add(cutMs);
      },
      back(fault) {
        console.error(`fan ${number}: ${fault}`);
        movedBack.add(1);
      },
      spread: (afterMs) => spreadTold.add(afterMs),
      lost: () => reconnects.add(1),
      turn: (status) => void turn({ fan, placeToken, listener }, status),
      wronged: (fault) => faults.add(1, { fault }),
    },
  );
  listener.dial();
  return { fan, placeToken, listener };
}

/** Whose turn it is goes in, and makes room. */
async function turn(one: Waiting, status: Exclude<PlaceStatus, { state: 'waiting' }>): Promise<void> {
  if (one.listener.isDone) return;
  one.listener.finish();
  if (status.state === 'offered') {
    const { value } = await one.fan.api.ask('claim', { body: { pass: status.pass } });
    if (value === undefined) faults.add(1, { fault: 'an offer could not be claimed' });
    else turns.add(1);
  } else faults.add(1, { fault: `his turn: ${status.state}` });
  await goHome(one);
}

const gone = new Set<string>();

async function goHome({ fan, placeToken, listener }: Waiting): Promise<void> {
  if (gone.has(placeToken)) return;
  gone.add(placeToken);
  fansAnswered.add(isTold(listener));
  listener.finish();
  await fan.api.ask('leave', { token: placeToken });
}

/** Cuts all, brings all back, and waits until each was told. */
async function storm(waiting: readonly Waiting[], cut: number): Promise<void> {
  const struck = waiting.filter(({ listener }) => !listener.isDone);
  for (const { listener } of struck) listener.cut();
  for (const { fan, listener } of struck) {
    if (spreadMs === 0) listener.dial();
    else setTimeout(() => listener.dial(), fan.random() * spreadMs);
  }
  // Looked at for all together: a timer for each would keep k6 busier than the sale does.
  await until(() => struck.every(({ listener }) => isTold(listener)), spreadMs + toldWithinMs);
  for (const { fan, listener } of struck) {
    toldInTime.add(isTold(listener), { cut: String(cut) });
    if (!isTold(listener)) console.error(`fan ${fan.number}: not told after cut ${cut}: ${listener.state}`);
  }
}

/** Looks until it is so. @returns whether it came to be within that time */
async function until(so: () => boolean, withinMs: number): Promise<boolean> {
  const lastMs = Date.now() + withinMs;
  while (!so()) {
    if (Date.now() >= lastMs) return false;
    await pause(50);
  }
  return true;
}
