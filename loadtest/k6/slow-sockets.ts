import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import { pause } from './lib/api.ts';
import { type Policy, readRoom, setPolicy } from './lib/desk.ts';
import { pushStaleness } from './lib/metrics.ts';
import { settings } from './lib/settings.ts';
import { listen } from './lib/slow/listen.ts';
import { endOf, PER_VU, plan, SAY_EVERY_S, type Times } from './lib/slow/plan.ts';
import { stampOf } from './lib/slow/stamp.ts';
import { fastEnough, sound, summaryTrendStats } from './lib/thresholds.ts';

/**
 * Sockets that read seldom, stand still, or never say hello, beside good ones. The operator tells the waiting something twice a second; how
 * old it is when the good ones hear it must not suffer, and who was slow must hear the latest as soon as he reads, and no
 * pile of what came before. See loadtest/README.md for what each kind of slow one is, and what k6 cannot do.
 *
 * Options of its own: SECONDS of the run, ALONE_SECONDS of it without slow ones; SELDOM sockets that read every SELDOM_SECONDS;
 * FROZEN sockets whose script stands still for so long; MUTE ones; STALE_MS. FANS are the good ones.
 */
export { readsSeldom, saysNothing, standsStill } from './lib/slow/slow-ones.ts';

const { seconds, aloneSeconds, seldom, frozen, staleMs } = plan;
/** By then every good one is there. */
const SETTLED_MS = 5_000;

const heard = new Counter('heard');

const once = (exec: string, vus: number, startTime = '0s') =>
  ({
    executor: 'per-vu-iterations',
    exec,
    vus,
    iterations: 1,
    startTime,
    maxDuration: `${seconds + 60}s`,
  }) as const;

export const options: Options = {
  scenarios: {
    good: once('good', Math.ceil(settings.fans / PER_VU)),
    speaker: once('speaker', 1),
    seldom: once('readsSeldom', seldom, `${aloneSeconds}s`),
    frozen: once('standsStill', Math.ceil(frozen / PER_VU), `${aloneSeconds}s`),
    mute: once('saysNothing', 1, `${aloneSeconds}s`),
  },
  thresholds: {
    ...sound,
    ...fastEnough(['join', 'operator']),
    'push_staleness{phase:alone}': [`p(99)<${staleMs}`],
    'push_staleness{phase:beside}': [`p(99)<${staleMs}`],
    'heard{phase:alone}': ['count>0'],
    'heard{phase:beside}': ['count>0'],
    latest_heard: ['rate==1'],
    'caught_up{slow:seldom}': [`p(99)<${staleMs}`],
    'pile{slow:seldom}': ['max<=4'],
    mute_cut_off: ['rate==1'],
    reconnects: ['count==0'],
  },
  summaryTrendStats,
};

interface Scenery extends Times {
  readonly policy: Policy;
}

export function setup(): Scenery {
  const { policy } = readRoom();
  setPolicy({ paused: true });
  return { policy, startedAtMs: Date.now() };
}

/** The operator. */
export function speaker(times: Times): void {
  for (; Date.now() < endOf(times) + 2_000; sleep(SAY_EVERY_S)) setPolicy({ message: stampOf(Date.now()) });
}

export async function good(times: Times): Promise<void> {
  const close = listen(0, settings.fans, (saidMs) => {
    const nowMs = Date.now();
    if (nowMs - times.startedAtMs < SETTLED_MS) return;
    const phase = nowMs - times.startedAtMs < aloneSeconds * 1_000 ? 'alone' : 'beside';
    pushStaleness.add(nowMs - saidMs, { phase });
    heard.add(1, { phase });
  });
  await pause(endOf(times) - Date.now());
  close();
}

export function teardown({ policy }: Scenery): void {
  setPolicy({ paused: policy.paused, message: policy.message });
}
