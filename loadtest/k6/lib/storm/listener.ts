import { setTimeout } from 'k6/timers';
import { backOffMs } from '../../../crowd/back-off.ts';
import { Shown } from '../../../crowd/shown.ts';
import type { PlaceStatus, Problem, ServerMessage } from '../contract.ts';
import type { Random } from '../seeded.ts';
import { type Connection, connect } from '../socket-io.ts';

/** What a listener tells of what he lives through. */
export interface Told {
  /** His status, for the first time on a connection. @param askedMs ago he dialled. @param cutMs ago he was cut off, if he was */
  again(askedMs: number, cutMs: number | undefined): void;
  /** A place behind one that he was shown. */
  back(fault: string): void;
  /** The server said when to come back. */
  spread(afterMs: number): void;
  /** The connection ended, or was refused for now, and that was not his doing. */
  lost(): void;
  /** His turn, or the end of his sale. */
  turn(status: Exclude<PlaceStatus, { state: 'waiting' }>): void;
  /** Something that no document allows. */
  wronged(fault: string): void;
}

export interface Where {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly placeToken: string;
  /** Decides how long he waits before he comes back. */
  readonly random: Random;
}

/** Refusals of the handshake after which a browser tries again. */
const LATER: ReadonlySet<string> = new Set(['overloaded', 'unavailable', 'tooManyRequests']);

/**
 * A fan who waits with a socket, and whose socket can be cut. Like a page he comes back by himself, and when the server said
 * when, then: a moment of his own after it.
 */
export class Listener {
  readonly #where: Where;
  readonly #told: Told;
  readonly #shown: Shown;
  #connection: Connection | undefined;
  #failures = 0;
  #cutAtMs: number | undefined;
  #isTold = false;
  #done = false;

  constructor(where: Where, told: Told) {
    this.#where = where;
    this.#told = told;
    this.#shown = new Shown((fault) => told.back(fault));
  }

  /** Whether he was told where he stands on the connection he has. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** For whoever asks why he was not told. */
  get state(): string {
    return this.#connection?.state ?? 'no connection';
  }

  get isDone(): boolean {
    return this.#done;
  }

  /** The connection is gone, as it goes when a network does: nobody said anything. */
  cut(): void {
    this.#connection?.close();
    this.#cutAtMs = Date.now();
    this.#isTold = false;
  }

  /** His sale is over. */
  finish(): void {
    this.#done = true;
    this.#connection?.close();
  }

  dial(): void {
    if (this.#done) return;
    // One that he was about to make by himself may be there.
    this.#connection?.close();
    const askedAtMs = Date.now();
    const { url, headers, placeToken } = this.#where;
    this.#connection = connect(url, { v: 1, placeToken }, headers, {
      onRefused: (data) => {
        const { code, retryAfterMs = 0 } = (data ?? { code: 'no problem' }) as Problem;
        if (!LATER.has(code)) this.#told.wronged(`the socket was refused with ${code}`);
        this.#comeBack(retryAfterMs);
      },
      onLost: () => this.#comeBack(0),
      onEvent: (_, data) => this.#heed(data as ServerMessage, askedAtMs),
    });
  }

  #heed(message: ServerMessage, askedAtMs: number): void {
    if (message.type === 'place') this.#shown.pushed(message.place);
    if (message.type === 'reconnect') this.#goElsewhere(message.afterMs);
    if (message.type === 'problem') this.#told.wronged(`told ${message.problem.code}`);
    if (message.type === 'status') this.#stand(message.status, askedAtMs);
  }

  #stand(status: PlaceStatus, askedAtMs: number): void {
    if (status.state === 'waiting' && status.place !== null) this.#shown.connected(status.place);
    this.#failures = 0;
    if (!this.#isTold) {
      const nowMs = Date.now();
      this.#told.again(nowMs - askedAtMs, this.#cutAtMs === undefined ? undefined : nowMs - this.#cutAtMs);
      this.#cutAtMs = undefined;
    }
    this.#isTold = true;
    if (status.state !== 'waiting') this.#told.turn(status);
  }

  #goElsewhere(afterMs: number): void {
    this.#told.spread(afterMs);
    this.cut();
    setTimeout(() => this.dial(), afterMs * (1 + this.#where.random()));
  }

  #comeBack(askedMs: number): void {
    this.#told.lost();
    this.#isTold = false;
    this.#failures += 1;
    setTimeout(() => this.dial(), backOffMs(this.#failures, askedMs, this.#where.random));
  }
}
