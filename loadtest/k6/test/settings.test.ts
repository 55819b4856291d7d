import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem as SharedProblem } from '@onsale/shared/errors';
import type { EventList as EventListSchema, Event as SharedEvent } from '@onsale/shared/http/events';
import type { HoldRequest as HoldSchema, Hold as SharedHold } from '@onsale/shared/http/holds';
import type { Joined as SharedJoined, PlaceStatus as SharedStatus, Shopping } from '@onsale/shared/http/line';
import type { OperatorRoom as SharedOperatorRoom } from '@onsale/shared/http/operator';
import type { Order as SharedOrder, IssuedTickets as TicketsSchema } from '@onsale/shared/http/orders';
import type { PublicRoom as SharedRoom } from '@onsale/shared/http/room';
import { routes } from '@onsale/shared/http/routes';
import type { SectionSeats as SharedSeats, SectionList as SharedSections } from '@onsale/shared/http/seats';
import type { ServerMessage as SharedMessage } from '@onsale/shared/socket';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as ours from '../lib/contract.ts';
import { numberIn, settingsOf, textIn } from '../lib/environment.ts';
import { operations, requestOf } from '../lib/operations.ts';
import { SetupFile } from '../setup-file.ts';

const folder = join(import.meta.dirname, '..');
const scripts = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'setup-file.ts');

describe('[RUN-43] what a script is told is validated, and what it asks is the contract', () => {
  test('without a word it has defaults, each within its own bounds', () => {
    expect(settingsOf({})).toMatchObject({
      event: 'club-night',
      fans: 200,
      arrivalSeconds: 10,
      p99Ms: 500,
      noShow: 0,
    });
    const told = {
      ONSALE_URL: 'http://10.0.0.1:80/',
      FANS: '2000',
      SEED: '9',
      CURVE: '/tmp/mine.json',
      DROP_OUT: '0.25',
    };
    expect(settingsOf(told)).toMatchObject({
      url: 'http://10.0.0.1:80',
      fans: 2_000,
      seed: 9,
      curve: '/tmp/mine.json',
      dropOut: 0.25,
    });
  });

  test.each([
    ['FANS', '0'],
    ['FANS', '1.5'],
    ['FANS', 'many'],
    ['SEED', '-1'],
    ['ARRIVAL_SECONDS', '0'],
    ['PATIENCE_SECONDS', 'Infinity'],
    ['THINK_SECONDS', '-1'],
    ['NO_SHOW', '1.1'],
    ['DROP_OUT', '5%'],
    ['P99_MS', '0'],
    ['CURVE', '../secrets'],
    ['CURVE', 'mine.json'],
    ['ONSALE_URL', 'localhost:3000'],
    ['ONSALE_EVENT', 'Club Night'],
    ['ONSALE_LOAD_TEST_ADDRESSES', '10.64.0.0'],
  ])('%s=%s stops the run and is named', (name, value) => {
    const naming = name === 'ONSALE_LOAD_TEST_ADDRESSES' ? '10.64.0.0' : name;
    expect(() => settingsOf({ [name]: value })).toThrow(naming);
  });

  test('an option of a single script is no less', () => {
    const bounds = { min: 1, max: 20, whole: true };
    expect(numberIn({ QUANTITY: '6' }, 'QUANTITY', 4, bounds)).toBe(6);
    expect(numberIn({ QUANTITY: '' }, 'QUANTITY', 4, bounds)).toBe(4);
    expect(() => numberIn({ QUANTITY: '21' }, 'QUANTITY', 4, bounds)).toThrow(
      'QUANTITY must be a whole number from 1 to 20, not "21"',
    );
    expect(textIn({}, 'SECTION', 'Field 1', /^.{1,80}$/)).toBe('Field 1');
    expect(() => textIn({ TIER: 'No Tier' }, 'TIER', 'field', /^[a-z-]+$/)).toThrow(
      'TIER is not of the form',
    );
  });

  test('every operation is a route of the contract', () => {
    const known = new Set(Object.values(routes).map(({ method, path }) => `${method.toUpperCase()} ${path}`));
    expect(Object.values(operations).filter((operation) => !known.has(operation))).toEqual([]);
    expect(requestOf('section', { eventId: 'gig', section: 'Field 1' })).toEqual({
      method: 'GET',
      path: '/api/v1/events/gig/sections/Field%201',
    });
    expect(() => requestOf('section', { eventId: 'gig' })).toThrow('section needs section');
  });

  test('every shape that is read is the contract: the types say so', () => {
    expectTypeOf<SharedEvent>().toExtend<ours.Event>();
    expectTypeOf<z.infer<typeof EventListSchema>>().toExtend<ours.EventList>();
    expectTypeOf<SharedRoom>().toExtend<ours.PublicRoom>();
    expectTypeOf<SharedJoined>().toExtend<ours.Joined>();
    expectTypeOf<SharedStatus>().toExtend<ours.PlaceStatus>();
    expectTypeOf<z.infer<typeof Shopping>>().toExtend<ours.Claimed>();
    expectTypeOf<SharedSections>().toExtend<ours.SectionList>();
    expectTypeOf<SharedSeats>().toExtend<ours.SectionSeats>();
    expectTypeOf<SharedHold>().toExtend<ours.Hold>();
    expectTypeOf<SharedOrder>().toExtend<ours.Order>();
    expectTypeOf<z.infer<typeof TicketsSchema>>().toExtend<ours.IssuedTickets>();
    expectTypeOf<SharedProblem>().toExtend<ours.Problem>();
    expectTypeOf<SharedMessage>().toExtend<ours.ServerMessage>();
    expectTypeOf<SharedOperatorRoom>().toExtend<ours.OperatorRoom>();
    // What is sent goes the other way: whatever a script may ask for, the route takes.
    expectTypeOf<ours.HoldRequest>().toExtend<z.input<typeof HoldSchema>>();
  });

  test.each(scripts)('%s says what it needs set up, and how it is used', (name) => {
    const script = name.slice(0, -'.ts'.length);
    const text = readFileSync(join(folder, name), 'utf8');
    const setup = SetupFile.parse(JSON.parse(readFileSync(join(folder, `${script}.setup.json`), 'utf8')));
    expect(() => settingsOf(setup.defaults)).not.toThrow();
    // bin/k6 hands on what the setup names: an option that is missing there could not be said.
    const own = [...text.matchAll(/(?:number|text)Option\('([A-Z0-9_]+)'/g)].map(([, option]) => option!);
    expect(own.filter((option) => !(option in setup.defaults))).toEqual([]);
    expect(readFileSync(join(folder, '..', 'README.md'), 'utf8')).toContain(`### ${script}`);
  });
});
