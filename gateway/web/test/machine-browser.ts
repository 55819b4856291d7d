import { type Problem, type ProblemCode, problems } from '@onsale/shared/errors';
import { expect } from 'vitest';
import { type Command, type Effect, type Fan, type Request, showing } from '../src/fan/fan.ts';
import { type Kept, nothingKept, readKept } from '../src/fan/kept.ts';
import { advance, newFan } from '../src/fan/machine.ts';
import { type FakeSale, nowMs } from './fake-sale.ts';

/** A browser in memory: the machine, what it kept, and what it sent and has no answer to yet. */
export class Browser {
  fan: Fan = newFan(nowMs);
  clockMs = nowMs;
  stored: string | null = null;
  readonly sent: Request[] = [];
  readonly shown: string[] = [];
  #keys = 0;

  constructor() {
    this.load();
  }

  /** Opens the page, or opens it again: all that lives on is what was kept. */
  load(): void {
    this.sent.length = 0;
    this.fan = newFan(this.clockMs);
    this.do({ type: 'start', kept: readKept(this.stored) });
  }

  do(command: Command): readonly Effect[] {
    const key = `key-${this.#keys++}`;
    const next = advance(this.fan, command, { nowMs: this.clockMs, roll: 0.5, key });
    this.fan = next.fan;
    for (const effect of next.effects) {
      if (effect.do === 'keep') this.stored = JSON.stringify(effect.kept);
      if (effect.do === 'send') {
        this.#keptFirst(effect.request);
        this.sent.push(effect.request);
      }
    }
    if (this.shown.at(-1) !== showing(this.fan)) this.shown.push(showing(this.fan));
    return next.effects;
  }

  /** The rule every repeat rests on: a key that leaves the browser is in its storage already. */
  #keptFirst(request: Request): void {
    if ('key' in request) expect(this.stored).toContain(`"${request.key}"`);
  }

  pass(ms: number): readonly Effect[] {
    this.clockMs += ms;
    return this.do({ type: 'tick' });
  }

  answer(sale: FakeSale): void {
    const request = this.sent.shift()!;
    this.do({ type: 'answered', request, answer: sale.answer(request) });
  }

  answerAll(sale: FakeSale): void {
    while (this.sent.length > 0) this.answer(sale);
  }

  refuse(code: ProblemCode, extra: Partial<Problem> = {}): void {
    const { status, title } = problems[code];
    const problem: Problem = { type: `urn:onsale:problem:${code}`, title, status, code, ...extra };
    this.do({ type: 'refused', request: this.sent.shift()!, problem });
  }
}

/** A browser that was closed at some step and is opened again. */
export function reopened(part: Partial<Kept>): Browser {
  const browser = new Browser();
  browser.stored = JSON.stringify({ ...nothingKept, placeToken: 'place', ...part });
  browser.load();
  return browser;
}
