import { execFileSync } from 'node:child_process';

/** Bounds of open files: `soft` is in force, and may be raised to `hard` by anybody. Infinity: none. */
export interface OpenFiles {
  readonly soft: number;
  readonly hard: number;
}

/** A fan keeps one connection for requests and one socket; programs need some of their own. */
const FILES_PER_FAN = 2;
const FILES_BESIDE = 512;

export const filesFor = (fans: number): number => fans * FILES_PER_FAN + FILES_BESIDE;

/** What a program that we start may open. */
export function openFilesHere(): OpenFiles {
  const [soft, hard] = execFileSync('sh', ['-c', 'ulimit -Sn; ulimit -Hn'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => (line === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line)));
  return { soft: soft!, hard: hard! };
}

/**
 * What k6 is to have open at most, so that so many fans fit in: what is in force, or a higher bound.
 * @throws with the command when only root may raise it so far.
 */
export function boundFor(fans: number, { soft, hard }: OpenFiles): number {
  const needed = filesFor(fans);
  if (needed <= soft) return soft;
  if (needed <= hard) return needed;
  throw new Error(
    `${fans} fans need ${needed} open files, and ${hard} are allowed here. As root: ulimit -n ${needed}, in the shell that then runs ` +
      `bin/k6 (and bin/up); for good: LimitNOFILE= of a systemd unit, or docker run --ulimit nofile=${needed}.`,
  );
}

/** A command with so many open files at most. */
export const withOpenFiles = (bound: number, command: readonly string[]): readonly [string, ...string[]] => [
  'sh',
  '-c',
  'ulimit -S -n "$0" && exec "$@"',
  Number.isFinite(bound) ? String(bound) : 'unlimited',
  ...command,
];
