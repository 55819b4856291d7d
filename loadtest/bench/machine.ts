import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onServer } from '../../bin/stack/database.ts';
import type { Machine, Result } from './report.ts';
import { median, spreadOf } from './statistics.ts';

/** Runs of one result that lie further apart than this part of their median tell nothing. */
export const SPREAD_MAX = 0.35;
const FSYNC_PROBES = 40;
const PAGE = Buffer.alloc(8_192, 1);

/** Settings that decide what a commit costs and how queries are planned. */
const SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'wal_level',
  'shared_buffers',
  'max_wal_size',
  'checkpoint_timeout',
  'max_connections',
  'io_method',
  'jit',
];

export const loadNow = (): number => loadavg()[0]!;

/** The machine alone. No names of hosts or people. */
export const describeHost = (): Pick<Machine, 'platform' | 'cpu' | 'cores' | 'memoryGib' | 'node'> => ({
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  node: process.versions.node,
});

/** The machine and the servers the figures are of. No names of hosts or people. @param dir where the probe file is put. */
export async function describeMachine(
  databaseUrl: string,
  dir: string,
): Promise<Omit<Machine, 'load' | 'noise' | 'busyBefore'>> {
  return {
    ...describeHost(),
    postgres: await describePostgres(databaseUrl),
    fsyncMs: fsyncMs(dir),
  };
}

/** @returns the results that are too noisy to be told apart, by name. */
export const noiseOf = (results: readonly Result[]): Machine['noise'] => ({
  spreadMax: SPREAD_MAX,
  tooNoisy: results.filter((result) => !(spreadOf(result) <= SPREAD_MAX)).map(({ name }) => name),
});

/** Part of the machine that is at work now, looked at for so long. */
export async function busyNow(forMs = 1_000): Promise<number> {
  const [before, after] = [cpuTimes(), await delay(forMs).then(cpuTimes)];
  const passed = after.all - before.all;
  return passed === 0 ? 0 : 1 - (after.idle - before.idle) / passed;
}

function cpuTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (of: (time: (typeof times)[number]) => number): number =>
    times.reduce((total, time) => total + of(time), 0);
  return {
    idle: sum(({ idle }) => idle),
    all: sum((time) => Object.values(time).reduce((a, b) => a + b, 0)),
  };
}

/** Others take more than this part of the machine: what they take is missing in the figures. */
const BUSY_MAX = 0.15;

/** Whether others were at work before it began; of runs that did not look, by the load of the minute before. */
export const wasBusy = ({ busyBefore, load, cores }: Machine): boolean =>
  busyBefore === undefined ? load.before > cores : busyBefore > BUSY_MAX;

export const busyNote = ({ busyBefore, load, cores }: Machine): string =>
  `The machine was busy before it began: ${
    busyBefore === undefined
      ? `load ${load.before.toFixed(2)} on ${cores} cores`
      : `others had ${Math.round(100 * busyBefore)} % of it`
  }.`;

async function describePostgres(databaseUrl: string): Promise<Machine['postgres']> {
  return onServer(databaseUrl, async (client) => {
    const version = await client.query<{ server_version: string }>('SHOW server_version');
    const settings = await client.query<{ name: string; value: string }>(
      'SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY($1) ORDER BY name',
      [SETTINGS],
    );
    return {
      version: version.rows[0]!.server_version,
      settings: Object.fromEntries(settings.rows.map(({ name, value }) => [name, value])),
    };
  });
}

function fsyncMs(dir: string): number {
  const path = join(dir, 'fsync-probe');
  const file = openSync(path, 'w');
  try {
    const times = Array.from({ length: FSYNC_PROBES }, (_, at) => {
      const from = performance.now();
      writeSync(file, PAGE, 0, PAGE.length, at * PAGE.length);
      fdatasyncSync(file);
      return performance.now() - from;
    });
    return Math.round(median(times) * 1_000) / 1_000;
  } finally {
    closeSync(file);
    rmSync(path);
  }
}
