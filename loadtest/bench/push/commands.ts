import type { Redis } from 'ioredis';

/** Counts what everybody sends to Redis while `during` runs, and what scripts run inside. Counting costs Redis more than the commands do. */
export async function commandsOf(
  redis: Redis,
  during: () => Promise<void>,
): Promise<{ sent: number; inside: number }> {
  const monitor = await redis.monitor();
  let [sent, inside] = [0, 0];
  monitor.on('monitor', (_time: string, _args: string[], source: string) => {
    if (source === 'lua') inside += 1;
    else sent += 1;
  });
  await during();
  monitor.disconnect();
  return { sent, inside };
}

/** CPU time of Redis while `during` runs, ms: unlike its own time of each command the same on a busy machine. */
export async function cpuMsOf(redis: Redis, during: () => Promise<void>): Promise<number> {
  const before = await cpuMs(redis);
  await during();
  return (await cpuMs(redis)) - before;
}

async function cpuMs(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  const seconds = [...info.matchAll(/used_cpu_(?:sys|user):([\d.]+)/g)].map(([, value]) => Number(value));
  return seconds.reduce((sum, one) => sum + one, 0) * 1_000;
}
