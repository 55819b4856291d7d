import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Picked ports lie below the range that kernels give to outgoing connections: otherwise a crowd on loopback could take
 * the port of a process that is just being restarted.
 */
const PICK_FROM = 15_000;
const PICK_BELOW = 30_000;
const PICKS_MAX = 100;

/** Whether nobody listens on the port now. */
export function portIsFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A port nobody listens on: the preferred one if it is free, else a random one.
 * @param taken ports already promised to somebody; the answer is added to it.
 */
export async function pickPort(taken: Set<number>, preferred?: number, host?: string): Promise<number> {
  for (let pick = 0; pick < PICKS_MAX; pick += 1) {
    const port = pick === 0 && preferred !== undefined ? preferred : randomInt(PICK_FROM, PICK_BELOW);
    if (taken.has(port) || !(await portIsFree(port, host))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`No free port among ${PICKS_MAX} tried between ${PICK_FROM} and ${PICK_BELOW}.`);
}
