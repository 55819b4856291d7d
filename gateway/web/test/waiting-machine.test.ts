import type { PlaceStatus } from '@onsale/shared/http/line';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bounds } from '../src/fan/bounds.ts';
import { showing } from '../src/fan/fan.ts';
import { messageFor } from '../src/fan/message.ts';
import { faultOf, messageOf } from '../src/operator/message-draft.ts';
import { scheduleIn } from '../src/operator/schedule.ts';
import { momentOf, wallTimeOf } from '../src/operator/wall-time.ts';
import { odds, wait } from '../src/texts/outlook.ts';
import { nowMs, over, renewed, shopping, waiting } from './fake-sale.ts';
import { Browser, reopened } from './machine-browser.ts';

const minutes = (n: number): number => n * 60_000;
const inLine = (status: PlaceStatus = waiting): Browser => {
  const browser = reopened({});
  browser.do({ type: 'answered', request: browser.sent.shift()!, answer: { kind: 'status', value: status } });
  return browser;
};

describe('the outlook in words', () => {
  test.each([
    [0, 0.5, 'Less than a minute'],
    [0, 3, 'Up to 3 minutes'],
    [4.6, 5, '4 to 5 minutes'],
    [12, 18, '12 to 18 minutes'],
    [12.4, 17.2, '12 to 18 minutes'],
    [22, 33, '20 to 35 minutes'],
    [50, 80, '45 minutes to 1 hour 30 min'],
    [61, 118, '1 to 2 hours'],
    [170, 290, '2 to 5 hours'],
  ])('[PAGE-47] from %d to %d minutes is told as “%s”', (from, to, words) => {
    expect(wait({ fromMs: minutes(from), middleMs: minutes(from), toMs: minutes(to) })).toBe(words);
  });

  test('[PAGE-47] odds are told in words and in their step', () => {
    const told = (bound: 'under' | 'about' | 'over', percent: number) => odds({ bound, percent });
    expect(told('under', 5)).toEqual({ words: 'Very unlikely', percent: 'under 5 %' });
    expect(told('over', 95)).toEqual({ words: 'Very likely', percent: 'over 95 %' });
    expect(told('about', 20).words).toBe('Unlikely');
    expect(told('about', 50).words).toBe('As likely as not');
    expect(told('about', 80)).toEqual({ words: 'Likely', percent: 'about 80 %' });
  });

  test('[PAGE-44] a message is told in the nearest language there is', () => {
    const message = { de: 'Hallo', 'pt-BR': 'Olá', en: 'Hello' };
    const told = (...languages: string[]) => messageFor(message, languages)?.language;
    expect(told('de-AT', 'en')).toBe('de');
    expect(told('pt')).toBe('pt-BR');
    expect(told('ja', 'pt-PT')).toBe('pt-BR');
    expect(told('ja')).toBe('en');
    expect(messageFor({ de: 'Hallo' }, ['ja'])).toEqual({ language: 'de', text: 'Hallo' });
    expect(messageFor({}, ['en'])).toBe(null);
    expect(messageFor(null, ['en'])).toBe(null);
  });
});

describe('the waiting room, as the machine has it', () => {
  test('[PAGE-46] who was passed over is told that he goes in first, and a push of the room takes nothing back', () => {
    const browser = inLine({ ...waiting, passedOver: true });
    expect(showing(browser.fan)).toBe('passedOver');
    const room = { ...waiting.room, state: 'paused' as const };
    const { lanes, asOfMs } = waiting;
    const mayComeBack = { tickets: 40, byMs: asOfMs + 90_000 };
    const told = { v: 1, type: 'room', lanes, asOfMs } as const;
    browser.do({ type: 'pushed', message: { ...told, room, mayComeBack } });
    expect(showing(browser.fan)).toBe('paused');
    expect(browser.fan.step).toMatchObject({ status: { mayComeBack } });
    browser.do({ type: 'pushed', message: { ...told, room: waiting.room, mayComeBack: null } });
    expect(browser.fan.step).toMatchObject({ status: { mayComeBack: null } });
    expect(showing(browser.fan)).toBe('passedOver');
  });

  test('[LINE-38] while the line is away a greater place of another gateway is not shown; what is exact is', () => {
    const browser = inLine({ ...waiting, place: 3, ahead: 2 });
    const told = (place: number, away?: 'hold') => ({
      type: 'polled' as const,
      status: { ...waiting, place, ahead: place - 1, room: { ...waiting.room, ...(away && { away }) } },
      retryAfterMs: null,
    });
    browser.do(told(5, 'hold'));
    expect(browser.fan.step).toMatchObject({ status: { place: 3, ahead: 2, room: { away: 'hold' } } });
    browser.do(told(2, 'hold'));
    expect(browser.fan.step).toMatchObject({ status: { place: 2 } });
    browser.do(told(1));
    expect(browser.fan.step).toMatchObject({ status: { place: 1 } });
  });

  test('[PAGE-46] removed or revoked by an operator, at any step, is said to be', () => {
    for (const reason of ['removed', 'revoked'] as const) {
      const browser = inLine();
      browser.do({ type: 'pushed', message: { v: 1, type: 'status', status: over(reason) } });
      expect(showing(browser.fan)).toBe(reason);
    }
  });

  test('[PAGE-41] in a draw the doors decide what is shown: the draw, then the place', () => {
    const room = { ...waiting.room, orderMode: 'draw' as const, state: 'preOpening' as const };
    const browser = inLine({ ...waiting, room, place: null, ahead: null });
    expect(showing(browser.fan)).toBe('inDraw');
    browser.do({
      type: 'pushed',
      message: { v: 1, type: 'status', status: { ...waiting, room: { ...room, state: 'open' } } },
    });
    expect(showing(browser.fan)).toBe('waiting');
  });

  test('[PAGE-42] an invitation is sent until it is refused, also by a page that is opened again', () => {
    const browser = new Browser();
    browser.do({ type: 'join', invitation: 'CODE' });
    expect(browser.sent[0]).toMatchObject({ kind: 'join', invitation: 'CODE' });
    browser.load();
    browser.do({ type: 'join' });
    expect(browser.sent[0]).toMatchObject({ kind: 'join', invitation: 'CODE' });
    browser.refuse('invitationOver');
    expect(showing(browser.fan)).toBe('event');
    expect(browser.fan.refusal?.code).toBe('invitationOver');
    browser.do({ type: 'join' });
    expect(browser.sent[0]).toMatchObject({ kind: 'join', invitation: null });
  });

  test('[PAGE-42] an invitation that is refused while waiting leaves the fan in line', () => {
    const browser = inLine();
    browser.do({ type: 'join', invitation: 'CODE' });
    browser.refuse('invitationSpent');
    expect(showing(browser.fan)).toBe('waiting');
    expect(browser.fan.refusal?.code).toBe('invitationSpent');
  });

  test('[PAGE-45] more time changes the session and nothing else, and is asked for once', () => {
    const browser = reopened({});
    browser.do({
      type: 'answered',
      request: browser.sent.shift()!,
      answer: { kind: 'status', value: shopping },
    });
    browser.do({ type: 'renew' });
    const request = browser.sent.shift()!;
    expect(request).toEqual({ kind: 'renew', session: 'session' });
    browser.do({ type: 'answered', request, answer: { kind: 'renew', value: renewed } });
    expect(showing(browser.fan)).toBe('shopping');
    expect(browser.fan.kept.session).toEqual({
      token: 'renewed',
      expiresAtMs: renewed.sessionExpiresAtMs,
      mayRenew: false,
    });
    browser.do({ type: 'renew' });
    expect(browser.sent).toEqual([]);
    browser.pass(shopping.sessionExpiresAtMs - nowMs + bounds.graceMs + 1);
    expect(browser.sent).toEqual([]);
  });

  test('[PAGE-47] what the sale knew last is known to be old, and no longer when it is heard anew', () => {
    const browser = inLine({ ...waiting, asOfMs: nowMs - 20_000 });
    expect(browser.fan.ageMs).toBe(20_000);
    browser.do({ type: 'polled', status: waiting, retryAfterMs: null });
    expect(browser.fan.ageMs).toBe(0);
  });

  test('[PAGE-40] the room is read while the fan has not joined, and not while he waits', () => {
    const browser = new Browser();
    const reads = (ms: number): boolean => browser.pass(ms).some((effect) => effect.do === 'readRoom');
    expect(reads(1)).toBe(true);
    expect(reads(1_000)).toBe(false);
    expect(reads(bounds.roomMs * 1.2)).toBe(true);
    const there = inLine();
    expect(there.pass(60_000).some((effect) => effect.do === 'readRoom')).toBe(false);
  });
});

describe("the operator's words and times", () => {
  test('[PAGE-48] a wall time is the moment a clock at the venue shows it, around the change of clocks too', () => {
    const la = 'America/Los_Angeles';
    expect(momentOf('2027-05-22T21:00', la)).toBe(Date.parse('2027-05-22T21:00:00-07:00'));
    expect(momentOf('2027-01-22T21:00', la)).toBe(Date.parse('2027-01-22T21:00:00-08:00'));
    // Put forward: 02:30 is skipped. Put back: 01:30 comes twice, the first is meant.
    expect(momentOf('2027-03-14T02:30', la)).toBe(null);
    expect(momentOf('2027-11-07T01:30', la)).toBe(Date.parse('2027-11-07T01:30:00-07:00'));
    expect(momentOf('2027-02-30T10:00', la)).toBe(null);
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2040-01-01') }),
        fc.constantFrom(
          la,
          'Europe/Berlin',
          'Asia/Kolkata',
          'Australia/Lord_Howe',
          'Pacific/Kiritimati',
          'UTC',
        ),
        (ms, zone) => {
          const minute = Math.floor(ms / 60_000) * 60_000;
          const moment = momentOf(wallTimeOf(minute, zone), zone)!;
          expect(wallTimeOf(moment, zone)).toBe(wallTimeOf(minute, zone));
          expect(minute - moment).toBeGreaterThanOrEqual(0);
          expect(minute - moment).toBeLessThanOrEqual(minutes(60));
        },
      ),
      { seed: 48, numRuns: 300 },
    );
  });

  test('[PAGE-48] a schedule with a skipped time, or an end before its opening, has a fault; an empty field is no time', () => {
    const now = { opensAtMs: Date.parse('2027-05-22T10:00Z'), endsAtMs: null };
    expect(scheduleIn(now, {}, 'UTC')).toEqual({ moments: now, faults: {} });
    expect(scheduleIn(now, { opensAtMs: '' }, 'UTC').moments.opensAtMs).toBe(null);
    expect(scheduleIn(now, { endsAtMs: '2027-05-22T09:00' }, 'UTC').faults).toHaveProperty('endsAtMs');
    expect(scheduleIn(now, { opensAtMs: '2027-03-14T02:30' }, 'America/Los_Angeles').faults).toHaveProperty(
      'opensAtMs',
    );
  });

  test('[PAGE-49] a message is sent as the contract takes it: languages once each, no line breaks, no empty text', () => {
    const rows = [
      { language: 'en', text: ' Two\nlines ' },
      { language: 'de-AT', text: '' },
    ];
    expect(messageOf(rows)).toEqual({ en: 'Two lines' });
    expect(messageOf([{ language: 'en', text: '  ' }])).toBe(null);
    const twice = [...rows, { language: 'en', text: 'again' }];
    expect(faultOf(twice[2]!, twice)).toBe('twice');
    expect(faultOf({ language: 'english', text: 'x' }, rows)).toBe('language');
    expect(faultOf({ language: 'fr', text: 'x'.repeat(501) }, rows)).toBe('long');
  });
});
