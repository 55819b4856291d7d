import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import type { Context } from '../bench.ts';
import { startChild } from '../claims/child.ts';
import type { JoinerOptions, JoinerTask, Weighed } from './joiner.ts';
import type { Mustered } from './muster.ts';
import type { Ticked, TickerOptions } from './ticker.ts';

const PROCESSES_MIN = 2;
const PROCESSES_MAX = 4;

/** A process that answers one task after the other. */
class Worker<Task extends object, Answer> {
  readonly #child: ChildProcess;
  #waiting: { resolve: (answer: Answer) => void; reject: (fault: Error) => void } | undefined;
  readonly #ended: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer) => this.#waiting?.resolve(answer as Answer));
    child.once('exit', (status, signal) =>
      this.#waiting?.reject(new Error(`A process of the bench ended with ${signal ?? status}.`)),
    );
    this.#ended = once(child, 'exit');
  }

  heard(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  do(task: Task): Promise<Answer> {
    const heard = this.heard();
    this.#child.send(task);
    return heard;
  }

  async end(): Promise<void> {
    this.#child.disconnect();
    await this.#ended;
  }
}

/** Gateways that let fans join. A join costs them twice what it costs Redis: fewer than two leave Redis waiting, on two cores as well. */
export class Joiners {
  readonly #workers: ReadonlyArray<Worker<JoinerTask, Weighed>>;
  peakBytes = 0;

  private constructor(workers: ReadonlyArray<Worker<JoinerTask, Weighed>>) {
    this.#workers = workers;
  }

  static async start(context: Context, options: JoinerOptions): Promise<Joiners> {
    const count = Math.max(PROCESSES_MIN, Math.min(PROCESSES_MAX, cpus().length - 1));
    const workers = Array.from(
      { length: count },
      () => new Worker<JoinerTask, Weighed>(startChild(context, '../dodgers/joiner.ts', options)),
    );
    await Promise.all(workers.map((worker) => worker.heard()));
    return new Joiners(workers);
  }

  /** Fans of these numbers, shared out. @param sample of how many `lift` and `put` are afterwards */
  join(from: number, to: number, sample: number): Promise<Mustered[]> {
    const parts = this.#workers.length;
    const share = (part: number): number => from + Math.floor(((to - from) * part) / parts);
    return this.#each((part) => ({
      task: 'join',
      from: share(part),
      to: share(part + 1),
      sample: Math.floor(sample / parts),
    }));
  }

  async lift(): Promise<void> {
    await this.#each(() => ({ task: 'lift' }));
  }

  async put(): Promise<void> {
    await this.#each(() => ({ task: 'put' }));
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  async #each(taskOf: (part: number) => JoinerTask): Promise<Mustered[]> {
    const answers = await Promise.all(this.#workers.map((worker, part) => worker.do(taskOf(part))));
    this.peakBytes = answers.reduce((sum, { peakBytes }) => sum + peakBytes, 0);
    return answers.map(({ mustered }) => mustered);
  }
}

/** The worker that ticks, until the bench ends. @param onTick is told of every tick, @param onEnd when it dies */
export function startTicker(
  context: Context,
  options: TickerOptions,
  { onTick, onEnd }: { onTick: (ticked: Ticked) => void; onEnd: (fault: Error) => void },
): void {
  const child = startChild(context, '../dodgers/ticker.ts', options);
  child.on('message', (ticked) => onTick(ticked as Ticked));
  child.once('exit', () => onEnd(new Error('The worker that ticks has ended.')));
}
