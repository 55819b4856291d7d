import { setTimeout as delay } from 'node:timers/promises';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Redis } from 'ioredis';
import type { Context } from '../bench.ts';
import { Fans } from '../push/fans.ts';
import { seedLine } from '../push/line-of.ts';
import type { Measured } from '../push/processes.ts';
import { type Cost, costOf } from './cost.ts';
import { inProportion, type Sizes } from './law.ts';

const PLACES = 100_000;
/** So many go with the tick of a round, more than two samples lie apart: everyone behind them has another place to be told. */
const LET_IN = 20;
const RATE_PER_MINUTE = 2_000;
const OPENED_PER_SECOND = 250;
/** Places up to 10,000 are told again after 3 s at most, and a fifth more of that. */
const ROUND_MS = 4_000;
const WINDOW_MS = 2_500;
const SETTLE_MS = 2_000;

export interface PushCosts {
  /** CPU of a gateway process for a tick that moves everybody's place, ms, by its sockets. */
  readonly tick: Cost;
  /** Resident memory of the gateway process with the most sockets, for each, bytes. Too stepwise for a law: V8 takes its heap in large pieces. */
  readonly socketBytes: number;
}

/** Three gateways with more and more sockets hear the same ticks: what each takes is measured in the same window. */
export async function pushCosts(
  context: Context,
  redis: Redis,
  {
    gateways,
    ring,
    prefix,
  }: { gateways: readonly [Measured, Measured, Measured]; ring: Keyring; prefix: string },
): Promise<PushCosts> {
  const sizes: Sizes = [1_000, 4_500, 9_000];
  const rounds = context.quick ? 6 : 15;
  const first = (rounds + 2) * LET_IN + 1;
  const line = await seedLine(redis, prefix, ring, {
    eventId: 'pushed',
    places: PLACES,
    ratePerMinute: RATE_PER_MINUTE,
    presentPlaces: first,
  });
  await line.tick();
  const fans = new Fans(context);
  const bare = await gateways[2].memory();
  const nameOf = (at: number): string => `gateway ${at}`;
  await fans.open(
    ...gateways.map(({ port }, at) => ({
      to: nameOf(at),
      port,
      auths: Array.from({ length: sizes[at]! }, (_, socket) => line.authOf(first + socket)),
      perSecond: OPENED_PER_SECOND,
    })),
  );
  for (const [at, size] of sizes.entries()) {
    await fans.until(nameOf(at), ({ messages }) => messages >= size, 'a first status for every socket');
  }
  await delay(SETTLE_MS);
  const [fullest, most] = [gateways[2], sizes[2]];
  const socketBytes = ((await fullest.memory()).residentBytes - bare.residentBytes) / most;

  const ticks: [number[], number[], number[]] = [[], [], []];
  for (let round = -1; round < rounds; round += 1) {
    const began = performance.now();
    const before = await Promise.all(gateways.map((gateway) => gateway.cpuMs()));
    await line.tick();
    await delay(WINDOW_MS);
    const took = await Promise.all(
      gateways.map(async (gateway, at) => (await gateway.cpuMs()) - before[at]!),
    );
    context.say(`push · ${sizes.map((size, at) => `${size} sockets ${took[at]!.toFixed(0)} ms`).join(', ')}`);
    if (round >= 0) for (const [at, ms] of took.entries()) ticks[at as 0 | 1 | 2].push(ms);
    await delay(Math.max(0, ROUND_MS - (performance.now() - began)));
  }
  for (const at of sizes.keys()) await fans.close(nameOf(at));
  const tick = costOf({
    id: 'push-tick',
    what: 'CPU of a gateway for a tick that moves everybody',
    unit: 'ms',
    counts: 'sockets',
    law: inProportion,
    sizes,
    values: ticks,
  });
  return { tick, socketBytes };
}
