import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildGo } from './go-build.ts';
import { complaintOf, onPath } from './shell.ts';
import { repositoryRoot, toolsFolder } from './state.ts';

export const K6_VERSION = '2.2.0';
const IMAGE = `grafana/k6:${K6_VERSION}`;

/** How k6 is run: what stands before its own arguments. */
export type K6Command = readonly [string, ...string[]];

/** Where k6 is: K6_BIN, on the path, or built before. */
export function k6Binary(): string | undefined {
  if (process.env.K6_BIN) return process.env.K6_BIN;
  const built = builtAt();
  return onPath('k6') ?? (existsSync(built) ? built : undefined);
}

/** Builds it from the module pinned in bin/stack/k6. @returns why it could not be brought, or undefined */
export function bringK6(): string | undefined {
  if (onPath('go') === undefined) return 'there is no Go here to build it';
  console.log(`Building k6 ${K6_VERSION} with Go; this takes a few minutes, once.`);
  const complaint = buildGo('k6', 'go.k6.io/k6/v2', builtAt());
  return complaint === undefined ? undefined : `Go could not build it: ${complaint}`;
}

/**
 * Finds k6, builds it, or runs it from its container image.
 * @param environment names of variables that it and its scripts need: a container sees only what is passed on
 * @throws saying how to get it.
 */
export function k6Command(environment: readonly string[]): K6Command {
  const found = k6Binary();
  if (found !== undefined) return [found];
  const refused = bringK6();
  if (refused === undefined) return [builtAt()];
  if (complaintOf('docker', ['info']) === undefined) return containerised(environment);
  throw new Error(`k6 is not here (${refused}; there is no container engine here). ${howToGetK6()}`);
}

export function howToGetK6(): string {
  if (process.platform === 'darwin') return 'Run: brew install k6';
  return 'Install Go 1.26 (https://go.dev/dl) and run this again, or set K6_BIN to a k6 2 of your own.';
}

/** Found when asked: .onsale is made when something is put there. */
const builtAt = (): string => join(toolsFolder, 'k6');

/** On the host's network, for the sale is on loopback. */
function containerised(environment: readonly string[]): K6Command {
  return [
    'docker',
    'run',
    '--rm',
    '--network=host',
    `--user=${process.getuid?.()}:${process.getgid?.()}`,
    `--volume=${repositoryRoot}:${repositoryRoot}`,
    `--workdir=${process.cwd()}`,
    ...environment.map((name) => `--env=${name}`),
    IMAGE,
  ];
}
