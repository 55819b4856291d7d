import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import { recordProcess } from './pid-records.ts';
import { afterDeath } from './restart-policy.ts';
import type { User } from './unprivileged.ts';

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether it can do its work now. Fails or says no until then. */
  healthy(): Promise<boolean>;
  /** A server that others stand on: after a kill -9 of ours it is ended last. */
  readonly server?: boolean;
  /** Runs as this user instead of ours. */
  readonly user?: User | undefined;
  /** Where its output goes instead of to us. */
  readonly logFile?: string;
  /** What asks it to end, and what ends it at once; Postgres has words of its own (fast, immediate). */
  readonly ask?: 'SIGTERM' | 'SIGINT';
  readonly force?: 'SIGKILL' | 'SIGQUIT';
}

export interface Keeping {
  /** Where pids are noted, for whoever comes after a kill -9 of ours. */
  dir: string;
  /** Start it again when it dies, with growing pauses. */
  restart: boolean;
  onLine(name: string, line: string): void;
  /** Called once, when it died too often. */
  onGiveUp(name: string): void;
  /** Stops everything when it aborts, also in the middle of starting. */
  signal?: AbortSignal | undefined;
}

/** Lines of a process that are remembered, and those shown when it does not start. */
const LINES_KEPT = 2_000;
const LINES_SHOWN = 20;
const HEALTH_EVERY_MS = 50;

/**
 * One process, kept alive. It is *idle* (not started, or stopped by us), *alive*, or *pausing* between a death and the
 * next start; only a death that nobody asked for leads to a pause.
 */
export class KeptProcess {
  readonly program: Program;
  readonly lines: string[] = [];
  readonly #keeping: Keeping;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #pause: NodeJS.Timeout | undefined;
  #deathsAtMs: number[] = [];
  /** Whether it is to be alive; its end is a death only then. */
  #wanted = false;

  constructor(program: Program, keeping: Keeping) {
    this.program = program;
    this.#keeping = keeping;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and waits until it is healthy. @throws with its last lines when it ends before, or takes too long. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const deadline = Date.now() + limits.startMs;
    while (this.#child === child && Date.now() < deadline) {
      if (await this.program.healthy().catch(() => false)) {
        this.#wanted = true;
        return;
      }
      await delay(HEALTH_EVERY_MS);
    }
    const why = this.#child === child ? `not healthy after ${limits.startMs} ms` : 'it ended';
    await this.stop();
    throw new Error(`${this.program.name} did not start (${why}):\n${this.#lastWords()}`);
  }

  /** Sends a signal as if from outside: a kept process comes back. Resolves when the one that was hit is gone. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.#ended;
  }

  /** Asks it to end, forces it after the drain time, and does not start it again. */
  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#pause);
    const child = this.#child;
    child?.kill(this.program.ask ?? 'SIGTERM');
    const timer = setTimeout(() => child?.kill(this.program.force ?? 'SIGKILL'), limits.drainMs + 1_000);
    await this.#ended;
    clearTimeout(timer);
  }

  #spawn(): ChildProcess {
    const { name, command, args, cwd, env, user, logFile, server, ask, force } = this.program;
    const output = logFile === undefined ? 'pipe' : openSync(logFile, 'a', 0o600);
    // A group of its own: Ctrl-C at a terminal reaches us alone, and we end the processes in their order.
    const child = spawn(command, args, {
      ...user,
      cwd,
      env,
      detached: true,
      stdio: ['ignore', output, output],
    });
    if (output !== 'pipe') closeSync(output);
    this.#child = child;
    const note = { ...(server && { server }), ...(ask && { ask }), ...(force && { force }) };
    const forget =
      child.pid === undefined ? () => {} : recordProcess(this.#keeping.dir, name, child.pid, note);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#heard(line));
    }
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        if (this.#child !== child) return;
        this.#child = undefined;
        forget();
        if (this.#wanted) this.#died(how);
        resolve();
      };
      child.once('error', (error) => end(error.message));
      child.once('close', (status, signal) => end(signal ?? `status ${status}`));
    });
    return child;
  }

  #died(how: string): void {
    if (!this.#keeping.restart) return;
    this.#deathsAtMs = [...this.#deathsAtMs.slice(-limits.restartsPerMinuteMax), Date.now()];
    const next = afterDeath(this.#deathsAtMs);
    if (next === 'giveUp') {
      this.#wanted = false;
      this.#heard(`died again (${how}); given up after ${limits.restartsPerMinuteMax} restarts in a minute`);
      this.#keeping.onGiveUp(this.program.name);
      return;
    }
    this.#heard(`died (${how}); starting again in ${next} ms`);
    this.#pause = setTimeout(() => this.#spawn(), next);
  }

  #heard(line: string): void {
    this.lines.push(line);
    if (this.lines.length > LINES_KEPT) this.lines.shift();
    this.#keeping.onLine(this.program.name, line);
  }

  #lastWords(): string {
    const { logFile } = this.program;
    const lines = logFile === undefined ? this.lines : readFileSync(logFile, 'utf8').trimEnd().split('\n');
    return lines.slice(-LINES_SHOWN).join('\n');
  }
}
