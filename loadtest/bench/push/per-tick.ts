import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import type { Redis } from 'ioredis';
import { commandsOf, cpuMsOf } from './commands.ts';
import type { Fans } from './fans.ts';
import type { LongLine } from './line-of.ts';
import type { Measured } from './processes.ts';

const TICKS = 20;
/** Sockets at the front: as many in every line, so that what they ask of Redis is the same. */
const FRONT_SOCKETS = 200;

export interface Work {
  /** Commands as clients sent them: a script is one. */
  readonly sent: number;
  /** Commands that scripts ran inside. */
  readonly inside: number;
  /** CPU time of Redis for all of it. */
  readonly cpuMs: number;
}

/** What Redis does for one tick of a room and the gateway that echoes it, in the mean of many. */
export async function workPerTick(
  redis: Redis,
  line: LongLine,
  gateway: Measured,
  fans: Fans,
): Promise<Work> {
  const to = line.eventId;
  const auths = Array.from({ length: FRONT_SOCKETS }, (_, at) => line.authOf(at + 1));
  await line.tick();
  await fans.open({ to, port: gateway.port, auths, perSecond: 500 });
  await fans.until(to, ({ messages }) => messages >= FRONT_SOCKETS, 'there');
  await delay(limits.presenceEveryMs * 2);
  const ticks = async (): Promise<void> => {
    const began = performance.now();
    for (let tick = 1; tick <= TICKS; tick += 1) {
      await line.tick();
      await delay(Math.max(0, tick * limits.tickMs - (performance.now() - began)));
    }
  };
  const { sent, inside } = await commandsOf(redis, ticks);
  const cpuMs = await cpuMsOf(redis, ticks);
  await fans.close(to);
  return { sent: sent / TICKS, inside: inside / TICKS, cpuMs: cpuMs / TICKS };
}
