import { join } from 'node:path';
import { type OptionName, options } from '@onsale/shared/config';
import type { Program } from './kept-process.ts';
import { pickPort } from './ports.ts';

/** In the order of starting, in two waves: those who own the truth, then those who ask them. Stopped in reverse. */
const waves = [
  [
    { name: 'core-worker', script: 'booking-core/src/worker.ts', healthPort: 'CORE_WORKER_INTERNAL_PORT' },
    { name: 'core', script: 'booking-core/src/main.ts', healthPort: 'CORE_INTERNAL_PORT' },
  ],
  [
    { name: 'admission', script: 'gateway/src/admission.ts', healthPort: 'ADMISSION_INTERNAL_PORT' },
    { name: 'gateway', script: 'gateway/src/main.ts', healthPort: 'GATEWAY_INTERNAL_PORT' },
  ],
] as const;

const HEALTH_TIMEOUT_MS = 2_000;

export type ProcessName = (typeof waves)[number][number]['name'];

/** Every port option and the port it has unless that is taken. */
const preferredPorts = {
  GATEWAY_PORT: 3000,
  GATEWAY_INTERNAL_PORT: 3001,
  ADMISSION_INTERNAL_PORT: 3002,
  CORE_PORT: 3003,
  CORE_INTERNAL_PORT: 3004,
  CORE_WORKER_INTERNAL_PORT: 3005,
} as const satisfies Partial<Record<OptionName, number>>;
export type Ports = Record<keyof typeof preferredPorts, number>;

/** A port for every port option. @param preferred wanted ones; undefined picks all at random. */
export async function pickPorts(
  taken: Set<number>,
  preferred?: Partial<Ports>,
  host?: string,
): Promise<Ports> {
  const ports: Partial<Ports> = {};
  for (const name of Object.keys(preferredPorts) as Array<keyof Ports>) {
    const wanted = preferred === undefined ? undefined : (preferred[name] ?? preferredPorts[name]);
    ports[name] = await pickPort(taken, wanted, host);
  }
  return ports as Ports;
}

export type Options = Partial<Record<OptionName, string>>;

/**
 * The programs of a sale, in waves. The first of each name has the given ports; more of it (`gateway-2`) have others.
 * @param sale every option that has no default; what the caller's own environment says of our options does not count.
 */
export async function programsOf(
  root: string,
  sale: Options,
  ports: Ports,
  counts: Partial<Record<ProcessName, number>>,
): Promise<{ waves: Program[][]; gatewayUrls: string[]; healthUrls: Record<string, string> }> {
  const taken = new Set<number>(Object.values(ports));
  const host = sale.HOST ?? '127.0.0.1';
  const reach = host === '0.0.0.0' ? '127.0.0.1' : host;
  const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in options)));
  const gatewayUrls: string[] = [];
  const healthUrls: Record<string, string> = {};

  const programs: Program[][] = [];
  for (const wave of waves) {
    const members: Program[] = [];
    for (const { name, script, healthPort } of wave) {
      for (let number = 1; number <= (counts[name] ?? 1); number += 1) {
        const own = number === 1 ? ports : await pickPorts(taken, undefined, host);
        const numbers = Object.fromEntries(Object.entries(own).map(([key, port]) => [key, String(port)]));
        if (name === 'gateway') gatewayUrls.push(`http://${reach}:${own.GATEWAY_PORT}`);
        const title = number === 1 ? name : `${name}-${number}`;
        const healthUrl = `http://${reach}:${own[healthPort]}/healthz`;
        healthUrls[title] = healthUrl;
        members.push({
          name: title,
          command: process.execPath,
          args: [join(root, script)],
          cwd: root,
          env: { ...outside, ...sale, ...numbers },
          healthy: () => answersOk(healthUrl),
        });
      }
    }
    programs.push(members);
  }
  return { waves: programs, gatewayUrls, healthUrls };
}

async function answersOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
  await answer.body?.cancel();
  return answer.ok;
}
