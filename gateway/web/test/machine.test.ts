import { type ProblemCode, problems } from '@onsale/shared/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../../test/depth.ts';
import { bounds, retryDelayMs } from '../src/fan/bounds.ts';
import { type Command, type Fan, type Request, showing } from '../src/fan/fan.ts';
import type { Kept } from '../src/fan/kept.ts';
import { FakeSale, hold, offered, order, over, shopping, waiting } from './fake-sale.ts';
import { Browser, reopened } from './machine-browser.ts';

const session = { token: 'session', expiresAtMs: shopping.sessionExpiresAtMs, mayRenew: true };
const access = { orderId: order.orderId, orderToken: 'order' };
const keptOrder = { key: 'o', holdId: hold.holdId, buyer: null, access };

/** What a present fan does next. */
function deedOf(fan: Fan): Command | null {
  switch (fan.step.at) {
    case 'event':
      return { type: 'join' };
    case 'offered':
      return { type: 'enter' };
    case 'shopping':
      return { type: 'pick', wish: { tierId: 'floor', quantity: 2 } };
    case 'held':
      return { type: 'buy', name: 'A Fan', email: 'fan@example.com' };
    case 'paying':
      return { type: 'pay', method: 'sandboxApprove' };
    default:
      return null;
  }
}

describe('the machine', () => {
  test('[PAGE-3] an offer that is there at once is claimed, and no queue is shown', () => {
    const [browser, sale] = [new Browser(), new FakeSale()];
    browser.do({ type: 'join' });
    browser.answer(sale);
    browser.pass(bounds.revealMs - 100);
    browser.do({ type: 'pushed', message: { v: 1, type: 'status', status: offered } });
    browser.answerAll(sale);
    expect(browser.shown).toEqual(['event', 'joining', 'shopping']);
  });

  test('[PAGE-3] when no offer came in the neutral moment, the place is shown, and the turn has to be taken', () => {
    const [browser, sale] = [new Browser(), new FakeSale()];
    browser.do({ type: 'join' });
    browser.answer(sale);
    browser.pass(bounds.revealMs + 1);
    browser.do({ type: 'pushed', message: { v: 1, type: 'status', status: offered } });
    expect(browser.shown).toEqual(['event', 'joining', 'waiting', 'offered']);
    expect(browser.sent).toEqual([]);
  });

  test('[PAGE-2] requests and answers lost, and the page closed, at any moment: one hold, one order, one payment', () => {
    const happening = fc.constantFrom('arrives', 'requestLost', 'answerLost', 'reload', 'wait');
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const [browser, sale] = [new Browser(), new FakeSale()];
        const turn = (what: string): void => {
          const deed = browser.fan.request === null ? deedOf(browser.fan) : null;
          if (deed !== null) browser.do(deed);
          if (browser.fan.step.at === 'waiting') sale.status = offered;
          const request = browser.sent[0];
          if (what === 'reload') browser.load();
          if (what === 'wait' || request === undefined) browser.pass(bounds.pollMs);
          if (request === undefined || what === 'reload' || what === 'wait') return;
          if (what === 'arrives') {
            browser.answer(sale);
            return;
          }
          browser.sent.shift();
          if (what === 'answerLost') sale.answer(request);
          browser.do({ type: 'lost', request, lost: { kind: 'offline', retryAfterMs: null } });
          browser.pass(bounds.retryLastMs);
        };
        for (const what of happenings) turn(what);
        // However it began, it ends well once the network is there.
        for (let more = 0; more < 40 && browser.fan.step.at !== 'tickets'; more++) {
          turn('arrives');
          if (browser.fan.step.at === 'waiting') {
            browser.do({ type: 'polled', status: offered, retryAfterMs: null });
          }
        }
        browser.answerAll(sale);
        expect(showing(browser.fan)).toBe('tickets');
        expect(sale.keys.hold.size).toBe(1);
        expect(sale.keys.order.size).toBe(1);
        expect(sale.keys.pay.size).toBe(1);
        // What was typed for the order is not left in the browser.
        expect(browser.stored).not.toContain('fan@example.com');
      }),
      { seed: 2_026, numRuns: runs(300, 10_000) },
    );
  });

  test('[PAGE-4] the push moves the place, and the turn is seen with no request', () => {
    const browser = reopened({});
    browser.do({ type: 'answered', request: browser.sent[0]!, answer: { kind: 'status', value: waiting } });
    const place = { v: 1, type: 'place', place: 2, ahead: 1, wait: null, odds: null, waiting: 5 } as const;
    browser.do({ type: 'pushed', message: place });
    expect(browser.fan.step).toMatchObject({
      at: 'waiting',
      status: { place: 2, ahead: 1, wait: null, odds: null },
    });
    browser.do({ type: 'pushed', message: { v: 1, type: 'status', status: offered } });
    expect(showing(browser.fan)).toBe('offered');
    expect(browser.sent).toHaveLength(1);
  });

  test('[PAGE-4] with the socket away the status is polled, and not sooner than the server asks', () => {
    const browser = reopened({});
    browser.do({ type: 'answered', request: browser.sent[0]!, answer: { kind: 'status', value: waiting } });
    const polls = (ms: number): boolean => browser.pass(ms).some((effect) => effect.do === 'poll');
    browser.do({ type: 'socket', up: true });
    expect(polls(60_000)).toBe(false);
    browser.do({ type: 'socket', up: false });
    expect(polls(bounds.pollSoonMs)).toBe(true);
    browser.do({ type: 'polled', status: waiting, retryAfterMs: 30_000 });
    expect(polls(29_000)).toBe(false);
    expect(polls(1_000)).toBe(true);
  });

  test.each([
    ['roomClosed', 'event'],
    ['placeRemoved', 'removed'],
    ['turnsSpent', 'turnsSpent'],
    ['eventUnknown', 'eventUnknown'],
  ] as const)('[PAGE-5] joining refused as %s shows %s', (code, expected) => {
    const browser = new Browser();
    browser.do({ type: 'join' });
    browser.refuse(code);
    expect(showing(browser.fan)).toBe(expected);
  });

  test.each([
    [over('lapsed'), 'lapsed'],
    [over('expired'), 'sessionExpired'],
    [over('ordered'), 'ordered'],
    [over('left'), 'event'],
    [{ ...waiting, room: { ...waiting.room, state: 'paused' as const } }, 'paused'],
    [{ ...waiting, room: { ...waiting.room, state: 'closed' as const } }, 'closedWhileWaiting'],
    [{ ...waiting, room: { ...waiting.room, state: 'soldOut' as const } }, 'soldOut'],
  ] as const)('[PAGE-5] opened again as %j', (status, expected) => {
    const browser = reopened({});
    browser.do({ type: 'answered', request: browser.sent[0]!, answer: { kind: 'status', value: status } });
    expect(showing(browser.fan)).toBe(expected);
  });

  test('[PAGE-5] a deadline that passes is asked about, and the server says what became of it', () => {
    const browser = reopened({
      session,
      hold: { key: 'h', wish: { tierId: 'floor', quantity: 1 }, holdId: hold.holdId },
    });
    browser.do({
      type: 'answered',
      request: browser.sent.shift()!,
      answer: { kind: 'status', value: shopping },
    });
    browser.do({
      type: 'answered',
      request: browser.sent.shift()!,
      answer: { kind: 'readHold', value: hold },
    });
    expect(showing(browser.fan)).toBe('held');
    browser.pass(600_000);
    expect(browser.sent).toEqual([]);
    browser.pass(bounds.graceMs + 1);
    const answer = { kind: 'readHold', value: { ...hold, state: 'expired' as const } } as const;
    browser.do({ type: 'answered', request: browser.sent.shift()!, answer });
    expect(showing(browser.fan)).toBe('holdExpired');
    browser.do({ type: 'shopAgain' });
    expect(showing(browser.fan)).toBe('shopping');
  });

  test('[PAGE-5] a decline leaves the tickets held; the next try has a new key', () => {
    const browser = reopened({ session, order: keptOrder });
    browser.do({
      type: 'answered',
      request: browser.sent.shift()!,
      answer: { kind: 'readOrder', value: order },
    });
    browser.do({ type: 'pay', method: 'sandboxDecline' });
    const first = browser.sent[0] as Extract<Request, { kind: 'pay' }>;
    browser.refuse('paymentDeclined');
    expect(showing(browser.fan)).toBe('declined');
    browser.do({ type: 'pay', method: 'sandboxApprove' });
    const second = browser.sent[0] as Extract<Request, { kind: 'pay' }>;
    expect(second.key).not.toBe(first.key);
  });

  test('[PAGE-5] money that came too late is said to be refunded', () => {
    const browser = reopened({ session, order: keptOrder, payment: { key: 'p', method: 'sandboxSlow' } });
    browser.do({
      type: 'answered',
      request: browser.sent.shift()!,
      answer: { kind: 'readOrder', value: order },
    });
    const pay = browser.sent.shift()!;
    expect(pay).toMatchObject({ kind: 'pay', key: 'p', session: 'session' });
    const value = { ...order, state: 'refunded' as const };
    browser.do({ type: 'answered', request: pay, answer: { kind: 'pay', value } });
    expect(showing(browser.fan)).toBe('refunded');
  });

  test('[PAGE-5] [PAY-13] an order that was cancelled meanwhile is said to be; one given back in part keeps its tickets', () => {
    for (const [state, shown] of [
      ['cancelled', 'cancelled'],
      ['partlyRefunded', 'tickets'],
    ] as const) {
      const browser = reopened({ session, order: keptOrder });
      const value = { ...order, state };
      browser.do({ type: 'answered', request: browser.sent.shift()!, answer: { kind: 'readOrder', value } });
      expect(showing(browser.fan)).toBe(shown);
    }
  });

  test('[PAGE-2] a line that forgot the place is joined again with its token', () => {
    const browser = reopened({});
    browser.refuse('placeUnknown');
    expect(browser.sent).toEqual([{ kind: 'join', placeToken: 'place', invitation: null }]);
  });

  test('[PAGE-5] whatever is refused, and wherever: never stuck with nothing to do, never asking in a circle', () => {
    const opened: Partial<Kept>[] = [
      {},
      { session, hold: { key: 'h', wish: { tierId: 'floor', quantity: 1 }, holdId: null } },
      { session, hold: { key: 'h', wish: { tierId: 'floor', quantity: 1 }, holdId: hold.holdId } },
      { session, order: { ...keptOrder, access: null, buyer: { name: 'A Fan', email: 'fan@example.com' } } },
      { session, order: keptOrder },
      { session, order: keptOrder, payment: { key: 'p', method: 'sandboxApprove' } },
    ];
    const codes = (Object.keys(problems) as ProblemCode[]).filter((code) => code !== 'inFlight');
    for (const part of opened) {
      for (const code of codes) {
        const browser = reopened(part);
        let requests = 0;
        for (; browser.sent.length > 0 && requests < 12; requests++) {
          const [request] = browser.sent;
          if (request!.kind === 'status') {
            browser.sent.shift();
            browser.do({ type: 'answered', request: request!, answer: { kind: 'status', value: shopping } });
          } else {
            browser.refuse(code);
          }
        }
        expect(requests, `${code} after ${JSON.stringify(part)}`).toBeLessThan(12);
        expect(showing(browser.fan), `${code} after ${JSON.stringify(part)}`).not.toBe('resuming');
      }
    }
  });

  test('waits between repeats double to a bound, by lot, and never undercut what the server asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, roll) => {
          const wait = retryDelayMs(attempt, null, roll);
          expect(wait).toBeGreaterThanOrEqual(bounds.retryFirstMs / 2);
          expect(wait).toBeLessThanOrEqual(bounds.retryLastMs);
          expect(retryDelayMs(attempt, 7_000, roll)).toBeGreaterThanOrEqual(7_000);
        },
      ),
      { seed: 7 },
    );
  });
});
