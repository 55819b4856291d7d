import { describe, expect, test } from 'vitest';
import { backOffMs } from '../../crowd/back-off.ts';
import { bounds } from '../../crowd/bounds.ts';
import { seeded } from '../../crowd/random.ts';
import { type Outcome, repeat, Unanswered } from '../lib/repeat.ts';

const good: Outcome = { status: 201, code: undefined, retryAfterMs: 0 };
const refused = (code: string, status = 503, retryAfterMs = 0): Outcome => ({ status, code, retryAfterMs });

/** Asks a sale that answers so, one after the other, on a clock of its own. */
async function ask(answers: readonly Outcome[], untilMs = Number.POSITIVE_INFINITY) {
  const pauses: number[] = [];
  let now = 0;
  let asked = 0;
  const again: Outcome[] = [];
  const heard = await repeat(() => answers[Math.min(asked++, answers.length - 1)]!, {
    random: seeded(42),
    now: () => now,
    pause: async (ms) => {
      pauses.push(ms);
      now += ms;
    },
    untilMs,
    onAgain: (answer) => again.push(answer),
  }).catch((error: unknown) => error);
  return { heard, pauses, asked, again };
}

describe('[RUN-42] a simulated fan repeats as a browser does', () => {
  test('what says "later" is asked again, with growing pauses that differ; nothing else is', async () => {
    for (const later of ['unavailable', 'overloaded', 'tooManyRequests', 'inFlight', 'internal']) {
      expect(await ask([refused(later), good])).toMatchObject({ heard: good, asked: 2 });
    }
    const silence = { status: 0, code: 'unanswered', retryAfterMs: 0 };
    expect(await ask([silence, silence, good])).toMatchObject({
      heard: good,
      asked: 3,
      again: [silence, silence],
    });
    for (const code of ['soldOut', 'notEnough', 'otherDevice', 'tokenInvalid', 'undocumented']) {
      expect(await ask([refused(code, 409)])).toMatchObject({ heard: { code }, asked: 1, pauses: [] });
    }
    const { pauses } = await ask([...Array.from({ length: 8 }, () => refused('overloaded')), good]);
    expect(pauses).toHaveLength(8);
    expect(pauses[3]! > pauses[0]!).toBe(true);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(bounds.backOffLastMs);
    expect(new Set(pauses).size).toBe(8);
  });

  test('never sooner than Retry-After, and not all at once then', async () => {
    const { pauses } = await ask([refused('tooManyRequests', 429, 7_000), good]);
    expect(pauses[0]).toBeGreaterThan(7_000);
    const returns = new Set(Array.from({ length: 50 }, (_, seed) => backOffMs(1, 7_000, seeded(seed))));
    expect(returns.size).toBe(50);
  });

  test('until his patience is over, and then he says that he was left without an answer', async () => {
    const soon = await ask([refused('overloaded')], 2_000);
    expect(soon.heard).toBeInstanceOf(Unanswered);
    expect(soon.pauses.reduce((all, ms) => all + ms, 0)).toBeLessThanOrEqual(2_000);
    const late = await ask([refused('overloaded')]);
    expect(late.heard).toBeInstanceOf(Unanswered);
    expect(late.pauses.reduce((all, ms) => all + ms, 0)).toBeLessThanOrEqual(bounds.answerWithinMs);
  });
});
