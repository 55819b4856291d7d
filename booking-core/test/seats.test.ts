import type { Problem } from '@onsale/shared/errors';
import type { Hold } from '@onsale/shared/http/holds';
import type { SectionList, SectionSeats } from '@onsale/shared/http/seats';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runs } from '../../test/depth.ts';
import { brokenPromises } from './promises.ts';
import { type Answer, openSale, shopper, type TestSale } from './sale.ts';
import { ask, type DrawnRow, putSeatsOnSale } from './seated.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
});
afterAll(() => sale.close());
afterEach(async () => {
  expect(sale.faults).toEqual([]);
  expect(await brokenPromises(sale.database)).toEqual({});
});

const fanOf = (event: string, core = 0) => shopper(sale, event, { core });
const named = ({ body }: Answer<Hold>): string[] =>
  body.tickets.map(({ section, row, seat }) => `${section}/${row}/${seat}`).sort();
const best = (quantity: number, more: object = {}) => ({ best: { quantity, ...more } });
const freeIn = async (event: string): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`select id from tickets
    where event = ${event} and free_at <= (select sale_clock()) order by id`.execute(sale.database.db);
  return rows.map(({ id }) => id);
};
/** Numbers in [0, 1), the same in every run. */
const dice = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
};

test('[BOOK-17] [BOOK-8] many choosing overlapping seats at once in two processes: each seat has one winner, losers are told exactly the taken ones, nobody has half', async () => {
  const random = dice(7);
  for (let round = 0; round < runs(3, 20); round++) {
    const { event, idOf } = await putSeatsOnSale(sale, [
      { row: 'A', distance: 1, seats: '............' },
      { row: 'B', distance: 2, seats: '............' },
    ]);
    const ids = [...idOf.values()];
    const asks = Array.from({ length: 60 }, (_, n) => {
      const from = Math.floor(random() * (ids.length - 4));
      return { fan: fanOf(event, n % 2), seats: ids.slice(from, from + 1 + Math.floor(random() * 4)) };
    });
    const answers = await Promise.all(
      asks.map(({ fan, seats }) => ask<Hold & Problem>(fan, event, { seats: seats.toReversed() })),
    );
    const winners = answers.filter(({ status }) => status === 201);
    const won = winners.flatMap(({ body }) => body.tickets.map(({ ticketId }) => ticketId));
    expect(new Set(won).size).toBe(won.length);
    expect(await freeIn(event)).toEqual(ids.filter((id) => !won.includes(id)).sort((a, b) => a - b));
    for (const [n, { body, status }] of answers.entries()) {
      const { seats, fan } = asks[n]!;
      if (status === 201) {
        expect(body.tickets.map(({ ticketId }) => ticketId).sort()).toEqual(seats.toSorted());
        continue;
      }
      // Nothing is given back here: what was taken then is taken still, and asked again all that is gone is named.
      expect(body.code).toBe('seatsTaken');
      expect(body.taken!.length).toBeGreaterThan(0);
      expect(won).toEqual(expect.arrayContaining(body.taken!));
      const again = await ask<Problem>(fan, event, { seats });
      expect(again.body).toMatchObject({
        status: 409,
        taken: seats.filter((id) => won.includes(id)).sort((a, b) => a - b),
      });
    }
    // Somebody got each seat that more than one wanted.
    expect(
      seatsWantedAlone(
        asks.map(({ seats }) => seats),
        won,
      ),
    ).toEqual([]);
  }
});

/** Asks whose seats are all free at the end: they were told `taken` of nothing. */
const seatsWantedAlone = (asks: number[][], won: number[]): number[][] =>
  asks.filter((seats) => seats.every((id) => !won.includes(id)));

test('[BOOK-17] [BOOK-4] nobody is told taken while all are free: seats given back and taken again by many', async () => {
  const { event, idOf } = await putSeatsOnSale(sale, [{ row: 'A', distance: 1, seats: '....' }]);
  const seats = [...idOf.values()];
  const untilHeld = async (n: number): Promise<void> => {
    for (;;) {
      const fan = fanOf(event, n % 2);
      const { status, body } = await ask<Hold & Problem>(fan, event, { seats });
      if (status === 201) return void (await fan.release(body.holdId));
      expect(body).toMatchObject({ code: 'seatsTaken' });
      expect(body.taken!.length).toBeGreaterThan(0);
    }
  };
  await Promise.all(Array.from({ length: 12 }, (_, n) => untilHeld(n)));
  expect(await freeIn(event)).toEqual(seats);
  // Run out, with nobody having looked since.
  expect((await ask(fanOf(event), event, { seats })).status).toBe(201);
  expect((await ask<Problem>(fanOf(event, 1), event, { seats })).body.taken).toEqual(seats);
  await sale.moveClock(600_001);
  expect((await ask(fanOf(event, 1), event, { seats })).status).toBe(201);
});

test('[BOOK-7] [BOOK-17] the same seats under the same key are the same hold in whatever order; other seats are another request', async () => {
  const { event, idOf } = await putSeatsOnSale(sale, [
    { row: 'A', distance: 1, seats: '...' },
    { row: 'B', tier: 'b', distance: 2, seats: '...' },
  ]);
  const fan = fanOf(event);
  const [a, b, c] = [idOf.get('S/A/1')!, idOf.get('S/B/2')!, idOf.get('S/A/3')!];
  const first = await ask<Hold>(fan, event, { seats: [a, b] }, 'one');
  expect([first.status, named(first)]).toEqual([201, ['S/A/1', 'S/B/2']]);
  const again = await ask<Hold>(fan, event, { seats: [b, a] }, 'one');
  expect([again.status, again.body.holdId]).toEqual([201, first.body.holdId]);
  for (const other of [{ seats: [a, c] }, { seats: [a] }, best(2), { tierId: 'a', quantity: 2 }]) {
    expect((await ask<Problem>(fan, event, other, 'one')).body.code).toBe('idempotencyMismatch');
  }
  const one = await ask<Hold>(fan, event, best(1), 'two');
  expect((await ask<Hold>(fan, event, best(1, { together: true }), 'two')).body.holdId).toBe(one.body.holdId);
  expect((await ask<Problem>(fan, event, best(1, { together: false }), 'two')).body.code).toBe(
    'idempotencyMismatch',
  );
});

test('[BOOK-17] [BOOK-11] what is no request, no seat of this event, or named twice is refused', async () => {
  const { event, idOf } = await putSeatsOnSale(sale, [{ row: 'A', distance: 1, seats: '...' }]);
  const { idOf: elsewhere } = await putSeatsOnSale(sale, [{ row: 'A', distance: 1, seats: '...' }]);
  const [a] = idOf.values();
  const codeOf = async (asked: object) => (await ask<Problem>(fanOf(event), event, asked)).body.code;
  expect(await codeOf({ seats: [a, [...elsewhere.values()][0]] })).toBe('ticketUnknown');
  expect(await codeOf({ seats: [2_000_000_000] })).toBe('ticketUnknown');
  for (const asked of [
    { seats: [a, a] },
    { seats: [] },
    { seats: [a], quantity: 1 },
    { seats: [3_000_000_000] },
    { seats: [a], accessible: false },
    best(0),
    best(2, { wheelchairs: 3 }),
    { ...best(1), tierId: 'a' },
    {},
  ]) {
    expect(await codeOf(asked), JSON.stringify(asked)).toBe('malformed');
  }
  expect(await codeOf(best(1, { tierId: 'z' }))).toBe('tierUnknown');
});

test('[BOOK-18] the best seats: closest, together, no single one left over, and not above the price', async () => {
  const { event } = await putSeatsOnSale(sale, [
    { row: 'A', tier: 'b', distance: 1, seats: '.....' },
    { row: 'B', tier: 'a', distance: 2, seats: '....' },
    { row: 'C', tier: 'a', distance: 3, seats: '...' },
  ]);
  const take = async (asked: object) => named(await ask<Hold>(fanOf(event), event, asked));
  // Four of the five in the first row would leave one.
  expect(await take(best(4))).toEqual(['S/B/1', 'S/B/2', 'S/B/3', 'S/B/4']);
  expect(await take(best(3))).toEqual(['S/A/1', 'S/A/2', 'S/A/3']);
  const { body } = await fanOf(event).send<{ tiers: { tierId: string; totalMinor: number }[] }>(
    'GET',
    `/api/v1/events/${event}`,
  );
  const total = (tier: string) => body.tiers.find(({ tierId }) => tierId === tier)!.totalMinor;
  expect(await take(best(1, { priceMaxMinor: total('b') - 1 }))).toEqual(['S/C/1']);
  expect(await take(best(1, { priceMaxMinor: total('b') }))).toEqual(['S/A/4']);
  expect(await take(best(1, { tierId: 'a' }))).toEqual(['S/C/2']);
  const tooDear = await ask<Problem>(fanOf(event), event, best(1, { priceMaxMinor: total('a') - 1 }));
  expect(tooDear.body).toMatchObject({ code: 'notEnough', free: 0, offer: null });
});

test('[BOOK-19] [BOOK-4] not beside each other, or too few: the refusal offers what there is, and the offer is good', async () => {
  const { event, idOf } = await putSeatsOnSale(
    sale,
    [
      { row: 'A', distance: 1, seats: '.. ..' },
      { row: 'B', distance: 2, seats: '...' },
    ],
    { buyerLimit: 8 },
  );
  const fan = fanOf(event, 1);
  const apart = await ask<Problem>(fan, event, best(4));
  expect(apart.body).toMatchObject({
    status: 409,
    code: 'notTogether',
    free: 7,
    held: 0,
    buyerMayTake: 8,
    offer: { quantity: 3, together: true },
  });
  const many = await ask<Problem>(fan, event, best(8));
  expect(many.body).toMatchObject({ code: 'notEnough', free: 7, offer: { quantity: 3, together: true } });
  const loose = await ask<Problem>(fan, event, best(8, { together: false }));
  expect(loose.body).toMatchObject({ code: 'notEnough', offer: { quantity: 7, together: false } });
  const units = await ask<Problem>(fan, event, { tierId: 'a', quantity: 8 });
  expect(units.body).toMatchObject({ code: 'notEnough', free: 7, offer: { quantity: 7, together: false } });

  const pieces = await ask<Hold>(fan, event, best(4, { together: false }));
  expect([pieces.status, named(pieces)]).toEqual([201, ['S/A/1', 'S/A/2', 'S/A/4', 'S/A/5']]);
  expect((await ask<Hold>(fan, event, best(3))).status).toBe(201);
  const gone = await ask<Problem>(fanOf(event), event, best(1));
  expect(gone.body).toMatchObject({ code: 'notEnough', free: 0, held: 7, offer: null });
  expect((await ask<Problem>(fan, event, best(2))).body).toMatchObject({
    code: 'buyerLimit',
    buyerMayTake: 1,
  });
  expect(idOf.size).toBe(7);
});

test('[BOOK-20] accessible seats are kept: by tier or as the best nobody gets them, chosen they need the word, and a companion its wheelchair space', async () => {
  const { event, idOf } = await putSeatsOnSale(sale, [{ row: 'A', distance: 1, seats: 'cwwc..' }]);
  const id = (seat: number) => idOf.get(`S/A/${seat}`)!;
  const codeOf = async (asked: object) => (await ask<Problem>(fanOf(event), event, asked)).body;
  expect(await codeOf({ tierId: 'a', quantity: 3 })).toMatchObject({
    code: 'notEnough',
    free: 2,
    offer: { quantity: 2 },
  });
  expect(await codeOf(best(3, { together: false }))).toMatchObject({ code: 'notEnough', free: 2 });
  expect(await codeOf({ seats: [id(2)] })).toMatchObject({ status: 403, code: 'accessOnly' });
  expect(await codeOf({ seats: [id(4), id(5)], accessible: true })).toMatchObject({ code: 'accessOnly' });
  const { body: before } = await fanOf(event).send<{ tiers: object[] }>('GET', `/api/v1/events/${event}`);
  expect(before.tiers).toMatchObject([{ capacity: 6, free: 2, accessibleFree: 4 }]);

  const first = await ask<Hold>(fanOf(event), event, best(2, { wheelchairs: 1 }));
  expect(named(first)).toEqual(['S/A/1', 'S/A/2']);
  expect(await codeOf(best(2, { wheelchairs: 2 }))).toMatchObject({ code: 'notEnough', free: 1, held: 1 });
  const group = await ask<Hold>(fanOf(event, 1), event, best(4, { wheelchairs: 1 }));
  expect(named(group)).toEqual(['S/A/3', 'S/A/4', 'S/A/5', 'S/A/6']);
  await sale.moveClock(600_001);
  const chosen = await ask<Hold>(fanOf(event), event, { seats: [id(1), id(2), id(5)], accessible: true });
  expect(chosen.status).toBe(201);
  expect((await ask<Hold>(fanOf(event, 1), event, { tierId: 'a', quantity: 1 })).status).toBe(201);
  expect(await codeOf({ tierId: 'a', quantity: 1 })).toMatchObject({ code: 'notEnough', free: 0 });
});

test('[BOOK-21] the map shows sections and rows closest first, and every seat as it is', async () => {
  const { event, idOf } = await putSeatsOnSale(sale, [
    { section: 'Back / left', row: 'A', distance: 9, seats: '..' },
    { section: 'Front', row: 'B', tier: 'b', distance: 2, seats: 'wc.' },
    { section: 'Front', row: 'A', distance: 1, seats: '. .' },
  ]);
  await ask(fanOf(event), event, { seats: [idOf.get('Front/A/3')!] });
  await sql`update tickets set free_at = 'infinity', hold = null where id = ${idOf.get('Front/B/3')!}`.execute(
    sale.database.db,
  );
  const read = <T>(path: string) => fanOf(event, 1).send<T>('GET', `/api/v1/events/${event}/sections${path}`);
  const { body: list } = await read<SectionList>('');
  expect(list.sections).toEqual([
    { section: 'Front', tierIds: ['a', 'b'], rows: 2, capacity: 5, free: 1, accessibleFree: 2 },
    { section: 'Back / left', tierIds: ['a'], rows: 1, capacity: 2, free: 2, accessibleFree: 0 },
  ]);
  expect(Math.abs(list.asOfMs - (await clockMs()))).toBeLessThan(10_000);
  const { body: front } = await read<SectionSeats>('/Front');
  const seat = (at: string, tierId: string, state: string, access: string | null = null) => ({
    ticketId: idOf.get(at)!,
    seat: Number(at.split('/')[2]),
    tierId,
    access,
    state,
  });
  expect(front).toMatchObject({
    eventId: event,
    section: 'Front',
    rows: [
      { row: 'A', seats: [seat('Front/A/1', 'a', 'free'), seat('Front/A/3', 'a', 'held')] },
      {
        row: 'B',
        seats: [
          seat('Front/B/1', 'b', 'free', 'wheelchair'),
          seat('Front/B/2', 'b', 'free', 'companion'),
          seat('Front/B/3', 'b', 'gone'),
        ],
      },
    ],
  });
  expect((await read<SectionSeats>(`/${encodeURIComponent('Back / left')}`)).body.rows).toHaveLength(1);
  expect((await read<Problem>('/Nowhere')).body).toMatchObject({ status: 404, code: 'sectionUnknown' });
  const units = await sale.putOnSale({ tiers: { a: 3 }, buyerLimit: 2 });
  const { body: none } = await fanOf(units).send<SectionList>('GET', `/api/v1/events/${units}/sections`);
  expect(none).toMatchObject({ eventId: units, sections: [] });
});

const clockMs = async (): Promise<number> => {
  const { rows } = await sql<{ at: Date }>`select sale_clock() at`.execute(sale.database.db);
  return rows[0]!.at.getTime();
};

test('[BOOK-18] of general admission the best are of the dearest tier within the price that has so many', async () => {
  const event = await sale.putOnSale({ tiers: { a: 2, b: 3 }, buyerLimit: 5 });
  const first = await ask<Hold>(fanOf(event), event, best(3));
  expect(first.body.tickets.map(({ tierId }) => tierId)).toEqual(['b', 'b', 'b']);
  expect((await ask<Problem>(fanOf(event), event, best(3))).body).toMatchObject({
    code: 'notEnough',
    offer: { quantity: 2, together: false },
  });
});

const hall: DrawnRow[] = Array.from({ length: 16 }, (_, n) => ({
  section: n % 2 === 0 ? 'Left' : 'Right',
  row: String(n),
  tier: n < 6 ? 'b' : 'a',
  distance: n >> 1,
  seats: n === 15 ? 'cwwc........' : '..............',
}));

test('[BOOK-4] [BOOK-8] [BOOK-18] buyers of all three kinds at once in two processes buy a hall out to the last seat, and none is refused what is free', async () => {
  const { event, idOf } = await putSeatsOnSale(sale, hall);
  const random = dice(11);
  const ids = [...idOf.values()];
  const request = (): { quantity: number; asked: object } => {
    const quantity = 1 + Math.floor(random() * 6);
    const kind = random();
    if (kind < 0.7) return { quantity, asked: best(quantity, { together: random() < 0.8 }) };
    if (kind < 0.85) return { quantity, asked: { tierId: random() < 0.5 ? 'a' : 'b', quantity } };
    const from = Math.floor(random() * (ids.length - quantity));
    return { quantity, asked: { seats: ids.slice(from, from + quantity), accessible: true } };
  };
  const answers = await Promise.all(
    Array.from({ length: 150 }, async (_, n) => {
      const { asked, quantity } = request();
      return { quantity, answer: await ask<Hold & Problem>(fanOf(event, n % 2), event, asked) };
    }),
  );
  const refused = new Set(
    answers.flatMap(({ answer: { status, body } }) => (status === 201 ? [] : [body.code])),
  );
  expect(['notEnough', 'notTogether', 'seatsTaken', 'accessOnly']).toEqual(
    expect.arrayContaining([...refused]),
  );

  // What is left is bought in what is offered, until nothing is.
  for (let n = 0; ; n++) {
    const fan = fanOf(event, n % 2);
    const { status, body } = await ask<Hold & Problem>(fan, event, best(6));
    if (status === 201) continue;
    if (body.offer === null) break;
    const { quantity } = body.offer!;
    expect((await ask<Hold>(fan, event, best(quantity))).status).toBe(201);
  }
  const left = await freeIn(event);
  const kept = [1, 2, 3, 4].map((seat) => idOf.get(`Right/15/${seat}`));
  expect(kept).toEqual(expect.arrayContaining(left));
});

test('[BOOK-4] [BOOK-8] more groups than blocks in two processes: every block that was refused to somebody is gone when he hears of it', async () => {
  for (let round = 0; round < runs(3, 20); round++) {
    const { event } = await putSeatsOnSale(
      sale,
      Array.from({ length: 10 }, (_, n) => ({ row: String(n), distance: n, seats: '... ...' })),
    );
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ask<Hold & Problem>(fanOf(event, n % 2), event, best(3))),
    );
    // Twenty blocks, and no request that could break one: exactly twenty groups have theirs.
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    for (const { body } of answers.filter(({ status }) => status !== 201)) {
      expect(body).toMatchObject({ code: 'notEnough', free: 0, held: 60, offer: null });
    }
  }
});

test("[BOOK-4] [BOOK-19] seats on their way for somebody who may not have them are nobody's: who asks meanwhile gets them", async () => {
  for (let round = 0; round < 5; round++) {
    const { event } = await putSeatsOnSale(
      sale,
      [
        { row: 'A', distance: 1, seats: '...' },
        { row: 'B', distance: 2, seats: '...' },
      ],
      { buyerLimit: 3 },
    );
    const greedy = fanOf(event);
    expect((await ask(greedy, event, best(3))).status).toBe(201);
    const [refused, held] = await Promise.all([
      ask<Problem>(greedy, event, best(3)),
      ask<Hold>(fanOf(event), event, best(3)),
    ]);
    expect([refused.body.code, held.status]).toEqual(['buyerLimit', 201]);
  }
});
