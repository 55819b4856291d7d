import type { Event } from '@onsale/shared/http/events';
import type { HoldRequest } from '@onsale/shared/http/holds';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../../test/depth.ts';
import { bounds } from '../src/fan/bounds.ts';
import { showing } from '../src/fan/fan.ts';
import { lookOf } from '../src/fan/map/look.ts';
import { rove, within } from '../src/fan/map/roving.ts';
import { offersOf } from '../src/fan/offers.ts';
import type { PickedSeat } from '../src/fan/seats.ts';
import { extended, hold, nowMs, shopping } from './fake-sale.ts';
import { type Browser, reopened } from './machine-browser.ts';

const session = { token: 'session', expiresAtMs: shopping.sessionExpiresAtMs, mayRenew: true };
const event = { buyerLimit: 4, serverTimeMs: nowMs } as Event;

const seat = (ticketId: number, access: PickedSeat['access'] = null): PickedSeat => ({
  ticketId,
  tierId: 'field',
  section: 'Field 1',
  row: 'A',
  seat: ticketId,
  access,
});

/** In the shop, with these seats chosen. */
function choosing(...seats: PickedSeat[]): Browser {
  const browser = reopened({ session });
  const request = browser.sent.shift()!;
  browser.do({ type: 'answered', request, answer: { kind: 'status', value: shopping } });
  browser.do({ type: 'eventRead', event });
  for (const one of seats) browser.do({ type: 'addSeat', seat: one, accessible: true });
  return browser;
}
const chosen = ({ fan }: Browser): number[] => fan.kept.picked.map(({ ticketId }) => ticketId);
const askedFor = ({ sent }: Browser): HoldRequest | undefined =>
  sent[0]?.kind === 'hold' ? sent[0].wish : undefined;

/** Reserved, with so much of its time passed. */
function holding(passedMs: number): Browser {
  const browser = reopened({
    session,
    hold: { key: 'h', wish: { tierId: 'floor', quantity: 1 }, holdId: hold.holdId },
  });
  for (const answer of [
    { kind: 'status', value: shopping },
    { kind: 'readHold', value: hold },
  ] as const) {
    browser.do({ type: 'answered', request: browser.sent.shift()!, answer });
  }
  browser.pass(passedMs);
  return browser;
}

describe('choosing seats', () => {
  test('[PAGE-8] exactly the seats that were taken are let go and named; the rest stays chosen, also after a reload', () => {
    const browser = choosing(seat(1), seat(2), seat(3));
    browser.do({ type: 'pick', wish: { seats: [1, 2, 3] } });
    browser.refuse('seatsTaken', { taken: [2] });
    expect(showing(browser.fan)).toBe('shopping');
    expect(chosen(browser)).toEqual([1, 3]);
    expect(browser.fan.lost?.seats).toEqual([seat(2)]);
    // An older map says free; a newer one is believed again.
    const look = (asOfMs: number) =>
      lookOf({ ticketId: 2, state: 'free' }, asOfMs, browser.fan.kept.picked, browser.fan.lost);
    expect(look(nowMs)).toBe('gone');
    expect(look(nowMs + bounds.mapMaxAgeMs + 1)).toBe('free');
    browser.do({ type: 'addSeat', seat: seat(4), accessible: false });
    expect(browser.fan.lost?.told).toBe(true);
    expect(look(nowMs)).toBe('gone');
    browser.load();
    expect(chosen(browser)).toEqual([1, 3, 4]);
  });

  test('[PAGE-8] a seat that the map shows taken is let go, but nothing is judged while the fan’s own request is out', () => {
    const browser = choosing(seat(1), seat(2));
    const seats = [
      { ticketId: 1, state: 'held' },
      { ticketId: 2, state: 'free' },
    ] as const;
    browser.do({ type: 'pick', wish: { seats: [1, 2] } });
    browser.do({ type: 'seatsSeen', seats });
    expect(chosen(browser)).toEqual([1, 2]);
    browser.refuse('unavailable');
    browser.do({ type: 'seatsSeen', seats });
    expect(chosen(browser)).toEqual([2]);
    expect(browser.fan.lost?.seats).toEqual([seat(1)]);
  });

  test('[PAGE-8] what is reserved is no longer only pointed at', () => {
    const browser = choosing(seat(1));
    browser.do({ type: 'pick', wish: { seats: [1] } });
    browser.do({ type: 'answered', request: browser.sent.shift()!, answer: { kind: 'hold', value: hold } });
    expect(showing(browser.fan)).toBe('held');
    expect(chosen(browser)).toEqual([]);
  });

  test('[PAGE-8] no more than one buyer may; accessible seats only by the fan’s word, a companion’s only with a wheelchair space', () => {
    const full = choosing(seat(1), seat(2), seat(3), seat(4), seat(5));
    expect(chosen(full)).toEqual([1, 2, 3, 4]);

    const browser = choosing();
    browser.do({ type: 'addSeat', seat: seat(7, 'wheelchair'), accessible: false });
    browser.do({ type: 'addSeat', seat: seat(8, 'companion'), accessible: true });
    expect(chosen(browser)).toEqual([]);
    browser.do({ type: 'addSeat', seat: seat(7, 'wheelchair'), accessible: true });
    browser.do({ type: 'addSeat', seat: seat(8, 'companion'), accessible: true });
    browser.do({ type: 'addSeat', seat: seat(1), accessible: true });
    expect(chosen(browser)).toEqual([7, 8, 1]);
    browser.do({ type: 'dropSeats', ticketIds: [7] });
    expect(chosen(browser)).toEqual([1]);
  });

  test('[PAGE-8] keys lead everywhere in the grid and never out of it', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 30 });
    const key = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End');
    fc.assert(
      fc.property(lengths, fc.array(fc.tuple(key, fc.boolean()), { maxLength: 60 }), (rows, keys) => {
        let at = { row: 0, seat: 0 };
        for (const [name, control] of keys) {
          at = rove(at, name, control, rows)!;
          expect(at).toEqual(within(at, rows));
          expect(rows[at.row]).toBeGreaterThan(at.seat);
        }
        expect(rove(rove(at, 'End', true, rows)!, 'Home', true, rows)).toEqual({ row: 0, seat: 0 });
      }),
      { seed: 8, numRuns: runs(200, 5_000) },
    );
    expect(rove({ row: 0, seat: 0 }, 'a', false, [3])).toBeNull();
  });
});

describe('offers', () => {
  const best = { quantity: 6, together: true, wheelchairs: 2 };

  test('[PAGE-9] fewer than wanted: one press takes what there is, with a key of its own', () => {
    const browser = choosing();
    browser.do({ type: 'pick', wish: { best } });
    const asked = browser.sent[0] as { key: string };
    browser.refuse('notEnough', { free: 4, held: 12, offer: { quantity: 4, together: true } });
    const [offer, ...others] = offersOf(browser.fan.refusal!, browser.fan.refusedWish);
    expect(others).toEqual([]);
    browser.do({ type: 'pick', wish: offer!.wish });
    expect(askedFor(browser)).toEqual({ best: { ...best, quantity: 4 } });
    expect((browser.sent[0] as { key: string }).key).not.toBe(asked.key);
    expect(browser.fan.refusal).toBeNull();
  });

  test('[PAGE-9] fewer than wanted, and fewer still together: both are offered', () => {
    const browser = choosing();
    browser.do({ type: 'pick', wish: { best: { ...best, wheelchairs: 0 } } });
    browser.refuse('notEnough', { free: 5, buyerMayTake: 4, offer: { quantity: 3, together: true } });
    const offers = offersOf(browser.fan.refusal!, browser.fan.refusedWish);
    expect(offers.map(({ kind, quantity }) => [kind, quantity])).toEqual([
      ['fewerTogether', 3],
      ['apart', 4],
    ]);
  });

  test('[PAGE-9] not together: fewer together, or all of them apart', () => {
    const browser = choosing();
    browser.do({ type: 'pick', wish: { best } });
    browser.refuse('notTogether', { free: 9, offer: { quantity: 1, together: true } });
    expect(offersOf(browser.fan.refusal!, browser.fan.refusedWish)).toEqual([
      { kind: 'fewer', quantity: 1, wish: { best: { quantity: 1, together: true, wheelchairs: 1 } } },
      { kind: 'apart', quantity: 6, wish: { best: { ...best, together: false } } },
    ]);
  });

  test.each([
    ['notEnough', { offer: null }, []],
    ['buyerLimit', { buyerMayTake: 0 }, []],
    ['buyerLimit', { buyerMayTake: 2 }, [2]],
    ['soldOut', {}, []],
  ] as const)('[PAGE-9] %s with %j offers %j', (code, extra, quantities) => {
    const browser = choosing();
    browser.do({ type: 'pick', wish: { tierId: 'floor', quantity: 6 } });
    browser.refuse(code, extra);
    const offers = offersOf(browser.fan.refusal!, browser.fan.refusedWish);
    expect(offers.map(({ quantity }) => quantity)).toEqual(quantities);
  });
});

describe('more time', () => {
  test('[PAGE-11] asked for once; a lost answer is asked for with the same key, and then it is spent', () => {
    const browser = holding(550_000);
    browser.do({ type: 'extend' });
    const first = browser.sent.shift() as { key: string };
    // The page dies before the answer comes.
    browser.load();
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
    browser.do({ type: 'extend' });
    const again = browser.sent.shift()!;
    expect(again).toMatchObject({ kind: 'extend', holdId: hold.holdId, key: first.key });
    browser.do({ type: 'answered', request: again, answer: { kind: 'extend', value: extended } });
    expect(browser.fan.step).toEqual({ at: 'held', hold: extended });
    expect(browser.fan.kept.extension?.spent).toBe(true);
    browser.do({ type: 'extend' });
    expect(browser.sent).toEqual([]);
  });

  test('[PAGE-11] refused as spent it is not offered again, and the hold stays; refused as over, the hold is', () => {
    const spent = holding(550_000);
    spent.do({ type: 'extend' });
    spent.refuse('extensionSpent');
    expect(showing(spent.fan)).toBe('held');
    expect(spent.fan.kept.extension?.spent).toBe(true);
    expect(spent.fan.refusal?.code).toBe('extensionSpent');

    const over = holding(599_000);
    over.do({ type: 'extend' });
    over.refuse('holdExpired');
    expect(showing(over.fan)).toBe('holdExpired');
  });

  test('[PAGE-11] given back and reserved anew, the same turn has no further time', () => {
    const browser = holding(0);
    browser.do({ type: 'extend' });
    browser.do({
      type: 'answered',
      request: browser.sent.shift()!,
      answer: { kind: 'extend', value: extended },
    });
    browser.do({ type: 'release' });
    browser.do({
      type: 'answered',
      request: browser.sent.shift()!,
      answer: { kind: 'release', value: null },
    });
    expect(showing(browser.fan)).toBe('shopping');
    expect(browser.fan.kept.extension?.spent).toBe(true);
  });
});
