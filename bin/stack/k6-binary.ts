import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { complaintOf, onPath } from './shell.ts';
import { ownFolder, repositoryRoot, toolsFolder } from './state.ts';

export const K6_VERSION = '2.2.0';
const IMAGE = `grafana/k6:${K6_VERSION}`;

/** What the scripts are told by the environment (loadtest/k6/lib/settings.ts); a container sees only what is passed on. */
const PASSED_ON = [
  'ONSALE_URL',
  'ONSALE_OPERATOR_TOKEN',
  'ONSALE_EVENT',
  'FANS',
  'ARRIVAL_SECONDS',
  'PATIENCE_SECONDS',
  'THINK_SECONDS',
  'P99_MS',
  'K6_AUTO_EXTENSION_RESOLUTION',
];

/** How k6 is run: what stands before its own arguments. */
export type K6Command = readonly [string, ...string[]];

/**
 * Finds k6: K6_BIN, the path, our tools folder, built by Go from the module pinned in bin/stack/k6, the container image.
 * @throws saying how to get it.
 */
export function k6Command(): K6Command {
  const built = join(toolsFolder, 'k6');
  if (process.env.K6_BIN) return [process.env.K6_BIN];
  const found = onPath('k6');
  if (found !== undefined) return [found];
  if (existsSync(built)) return [built];

  const refusals: string[] = [];
  if (onPath('go')) {
    console.log(`Building k6 ${K6_VERSION} with Go; this takes a few minutes, once.`);
    const complaint = buildK6(built);
    if (complaint === undefined) return [built];
    refusals.push(`Go could not build it: ${complaint}`);
  } else refusals.push('there is no Go here to build it');

  const noContainers = complaintOf('docker', ['info']);
  if (noContainers === undefined) return containerised();
  refusals.push('there is no container engine here');
  throw new Error(`k6 is not here (${refusals.join('; ')}). ${howToGetK6()}`);
}

export function howToGetK6(): string {
  if (process.platform === 'darwin') return 'Run: brew install k6';
  return 'Install Go 1.26 (https://go.dev/dl) and run this again, or set K6_BIN to a k6 2 of your own.';
}

/** Versions and checksums of everything it is built from are in go.mod and go.sum. */
function buildK6(target: string): string | undefined {
  const draft = join(ownFolder(toolsFolder), `k6.${process.pid}`);
  const complaint = complaintOf(
    'go',
    ['build', '-mod=readonly', '-trimpath', '-o', draft, 'go.k6.io/k6/v2'],
    {
      cwd: join(repositoryRoot, 'bin', 'stack', 'k6'),
      env: { ...process.env, CGO_ENABLED: '0' },
    },
  );
  if (complaint === undefined) renameSync(draft, target);
  return complaint;
}

/** On the host's network, for the sale is on loopback. */
function containerised(): K6Command {
  return [
    'docker',
    'run',
    '--rm',
    '--network=host',
    `--user=${process.getuid?.()}:${process.getgid?.()}`,
    `--volume=${repositoryRoot}:${repositoryRoot}`,
    `--workdir=${process.cwd()}`,
    ...PASSED_ON.map((name) => `--env=${name}`),
    IMAGE,
  ];
}
