import { limits } from '@onsale/shared/limits';
import { expect, test } from 'vitest';
import { ToldPlaces } from './told-places.ts';

const BOUND = 1_000_000;
const HALF = limits.placesToldMax / 2;

function toldTo(fans: number): ToldPlaces {
  const places = new ToldPlaces();
  for (let fan = 1; fan <= fans; fan += 1) places.note(`fan ${fan}`, fan);
  return places;
}

test('the latest half of the places that are kept is always there, and the oldest are forgotten', () => {
  const fans = 3 * HALF + 7;
  const places = toldTo(fans);
  expect(places.least(`fan ${fans}`, BOUND)).toBe(fans);
  expect(places.least(`fan ${fans - HALF + 1}`, BOUND)).toBe(fans - HALF + 1);
  expect(places.least(`fan ${fans - limits.placesToldMax}`, BOUND)).toBe(BOUND);
});

test('what a fan was told last counts, however long ago he was told something else', () => {
  const places = toldTo(HALF);
  places.note('fan 1', 3);
  expect(places.least('fan 1', BOUND)).toBe(3);
  places.note('one more', 1);
  places.note('fan 1', 2);
  expect(places.least('fan 1', BOUND)).toBe(2);
  expect(places.least('fan 1', 1)).toBe(1);
});

test('a fan who was told no place is not held to an earlier one', () => {
  const places = toldTo(HALF);
  places.note('one more', 1);
  places.note('fan 1', null);
  expect(places.least('fan 1', BOUND)).toBe(BOUND);
});
