import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../bench.ts';
import type { Ask, Heard, Opened } from './crowd.ts';
import { ask, startCrowd } from './processes.ts';

/** What all sockets to one server heard, in the order of their auths. */
export interface AllHeard {
  readonly atMs: readonly number[];
  readonly places: readonly number[];
  readonly messages: number;
  readonly bytes: number;
  readonly refused: number;
  readonly refusal?: string | undefined;
}

const CROWDS = 2;

/** The fans' side: processes of their own, each with its part of the sockets of every server. */
export class Fans {
  readonly #crowds: readonly ChildProcess[];

  constructor(context: Context) {
    this.#crowds = Array.from({ length: CROWDS }, () => startCrowd(context));
  }

  /** Opens a socket for each auth, to all servers side by side. @returns when all of them were asked for */
  async open(...servers: readonly Opened[]): Promise<void> {
    await Promise.all(
      this.#crowds.map((crowd, at) => {
        const own = servers.map(({ auths, perSecond, ...server }) => {
          const size = Math.ceil(auths.length / CROWDS);
          return { ...server, auths: auths.slice(at * size, (at + 1) * size), perSecond: perSecond / CROWDS };
        });
        return ask(crowd, { ask: 'open', servers: own } satisfies Ask);
      }),
    );
  }

  async heard(to: string): Promise<AllHeard> {
    const parts = await this.#each<Heard>({ ask: 'heard', to });
    const sum = (of: (part: Heard) => number): number => parts.reduce((total, part) => total + of(part), 0);
    return {
      atMs: parts.flatMap(({ atMs }) => [...atMs]),
      places: parts.flatMap(({ places }) => [...places]),
      messages: sum(({ messages }) => messages),
      bytes: sum(({ bytes }) => bytes),
      refused: sum(({ refused }) => refused),
      refusal: parts.find(({ refusal }) => refusal !== undefined)?.refusal,
    };
  }

  /** Waits until what was heard satisfies. @throws when it does not in time: the figures would be of something else */
  async until(
    to: string,
    is: (heard: AllHeard) => boolean,
    what: string,
    withinMs = 60_000,
  ): Promise<AllHeard> {
    const untilMs = performance.now() + withinMs;
    for (;;) {
      const heard = await this.heard(to);
      if (is(heard)) return heard;
      if (performance.now() > untilMs) {
        const { messages, refused, refusal } = heard;
        throw new Error(`Not ${what}: ${messages} messages were heard, ${refused} were refused: ${refusal}`);
      }
      await delay(200);
    }
  }

  async stopReading(to: string, count: number): Promise<void> {
    await this.#each({ ask: 'stopReading', to, count: count / CROWDS });
  }

  async close(to: string): Promise<void> {
    await this.#each({ ask: 'close', to });
  }

  async #each<Answer>(question: Ask): Promise<Answer[]> {
    return Promise.all(this.#crowds.map((crowd) => ask<Answer>(crowd, question)));
  }
}
