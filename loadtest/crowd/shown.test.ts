import { describe, expect, test } from 'vitest';
import { isWhatWasHeld } from './bought.ts';
import { Shown } from './shown.ts';

describe('[LINE-4] what a fan was shown', () => {
  const faults: string[] = [];
  const fan = (): Shown => {
    faults.length = 0;
    return new Shown((fault) => faults.push(fault));
  };

  test('a status by socket that was read before an answer to another request, and comes after it, is no step back', () => {
    const shown = fan();
    shown.exact(110, shown.asking());
    const dialled = shown.asking();
    shown.exact(95, shown.asking());
    shown.connected(102, dialled);
    shown.pushed(94);
    expect(faults).toEqual([]);
    shown.exact(95, shown.asking());
    expect(faults).toEqual(['a place moved back: 94 was shown, then exactly 95']);
  });

  test('a status behind what was shown before the connection was begun is, and behind what sockets told', () => {
    const before = fan();
    before.exact(95, before.asking());
    before.connected(102, before.asking());
    expect(faults).toEqual(['a place moved back: 95 was shown, then exactly 102']);

    const pushed = fan();
    const dialled = pushed.asking();
    pushed.connected(95, dialled);
    pushed.connected(102, dialled);
    expect(faults).toEqual(['a pushed place moved back from 95 to 102']);
  });

  test('another stay in the line begins anew, also in the middle of a connection', () => {
    const shown = fan();
    const dialled = shown.asking();
    shown.connected(5, dialled);
    shown.doubt();
    shown.connected(80, dialled);
    shown.settle(true);
    shown.connected(79, dialled);
    expect(faults).toEqual([]);
    shown.pushed(80);
    expect(faults).toEqual(['a pushed place moved back from 79 to 80']);
  });
});

test('[PAY-11] what was held is what was bought: the very tickets, or as many of the same tiers for late money', () => {
  const ofTier = (tierId: string, ...ids: number[]) => ids.map((ticketId) => ({ ticketId, tierId }));
  const hold = { tickets: ofTier('general', 9, 10), expiresAtMs: 1_000 };
  const issued = (tickets: ReturnType<typeof ofTier>) => ({ tickets });
  expect(isWhatWasHeld(issued(ofTier('general', 10, 9)), hold, 500)).toBe(true);
  expect(isWhatWasHeld(issued(ofTier('general', 9, 11)), hold, 999)).toBe(false);
  expect(isWhatWasHeld(issued(ofTier('general', 9, 11)), hold, 1_000)).toBe(true);
  expect(isWhatWasHeld(issued(ofTier('general', 9)), hold, 1_000)).toBe(false);
  expect(isWhatWasHeld(issued(ofTier('balcony', 9, 10)), hold, 1_000)).toBe(true);
  expect(isWhatWasHeld(issued(ofTier('balcony', 11, 12)), hold, 1_000)).toBe(false);
});
