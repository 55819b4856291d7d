import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawnNumberOf } from '@onsale/shared/draw';
import type { AdmissionsPage, AdmittedBatch, AdmittedPlace } from '@onsale/shared/http/admissions';
import type { Batch, KnownTurn, Room } from '@onsale/shared/http/internal';
import { limits } from '@onsale/shared/limits';
import { AdmissionsProof } from '@onsale/shared/proof/admissions-proof';
import { batchHashOf, placesHashOf } from '@onsale/shared/proof/hashes';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printed } from '../../bin/verify/print.ts';
import { verifyFile } from '../../bin/verify/verify-file.ts';
import { internalOf } from './internal.ts';
import { openSale, type TestSale } from './sale.ts';

let sale: TestSale;
beforeAll(async () => {
  sale = await openSale();
});
afterAll(() => sale.close());
const internal = internalOf(() => sale);

const placeId = (): string => randomBytes(16).toString('base64url');
type Place = Batch['places'][number];
const placeOf = (order: number, changes: Partial<Place> = {}): Place => ({
  place: placeId(),
  turn: 1,
  order,
  lane: 'general',
  back: false,
  ...changes,
});

/** An hour before the clocks say now, so that an invitation of now came later. */
const takenAtMs = Date.now() - 3_600_000;
const record = async (event: string, batch: number, places: Place[], changes: Partial<Batch> = {}) => {
  const body = { batch, epoch: 1, takenAtMs: takenAtMs + batch * 200, reason: 'rate', places, ...changes };
  expect(await internal('POST', `/internal/rooms/${event}/batches`, { body })).toMatchObject({ status: 200 });
};

async function exported(event: string): Promise<AdmissionsPage[]> {
  const pages: AdmissionsPage[] = [];
  let after: string | null = null;
  do {
    const query: string = after === null ? '' : `?after=${after}`;
    const { body } = await internal<AdmissionsPage>('GET', `/internal/rooms/${event}/admissions${query}`);
    pages.push(body);
    after = body.next;
  } while (after !== null);
  return pages;
}

async function verified(pages: readonly object[], options: Parameters<typeof verifyFile>[1]) {
  const folder = mkdtempSync(join(tmpdir(), 'onsale-verify-'));
  const file = join(folder, 'admissions.jsonl');
  try {
    writeFileSync(file, pages.map((page) => `${JSON.stringify(page)}\n`).join(''));
    return await verifyFile(file, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A draw of which some were let in: drawn and late ones in two lanes, one passed over, one invited late, a loss of Redis. */
async function drawnSale() {
  const event = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  const { body: room } = await internal<Room>('GET', `/internal/rooms/${event}`);
  const drawn = (changes: Partial<Place> = {}): Place => {
    const place = placeId();
    return placeOf(drawnNumberOf(room.seed, place), { place, ...changes });
  };
  const general = Array.from({ length: 40 }, () => drawn()).sort((a, b) => a.order - b.order);
  const [passedOver, ...others] = general as [Place, ...Place[]];
  const invited = drawn({ lane: 'priority' });
  const late = placeOf((takenAtMs + 1) * 1_000, { lane: 'priority' });
  await record(event, 1, others.slice(0, 20));
  await record(event, 2, [{ ...passedOver, back: true }, late, ...others.slice(20, 30)]);
  await sql`insert into invitations (id, event, lane, buyer, place, uses_max, print, created_at)
    values (${randomBytes(10).toString('hex')}, ${event}, 'priority', gen_random_uuid(), ${invited.place}, 1, '', now())`.execute(
    sale.database.db,
  );
  await sql`insert into invitation_uses (invitation, event, place)
    select id, event, place from invitations where event = ${event}`.execute(sale.database.db);
  await record(event, 3, [invited]);
  // While Redis is away a room that says *open* lets fans in by the clock, whatever epoch a gateway knew last.
  await record(event, 7, [placeOf((takenAtMs + 2) * 1_000, { back: true })], { epoch: 0, reason: 'open' });
  // After a loss of Redis batch numbers begin anew, and who was put back may stand before those who went before.
  await record(event, 1, [drawn(), placeOf((takenAtMs + 9) * 1_000)], { epoch: 2 });
  for (let batch = 2; batch < limits.admissionBatchesPageMax + 2; batch += 1) {
    await record(event, batch, [placeOf((takenAtMs + 100 + batch) * 1_000)], { epoch: 2 });
  }
  await record(event, 90, [{ ...late, turn: 2, order: (takenAtMs + 9_000) * 1_000 }], { epoch: 2 });
  return { event, published: { seed: room.seed, commitment: room.commitment } };
}

describe('the record of admissions', () => {
  let event: string;
  let published: { seed: string; commitment: string };
  let pages: AdmissionsPage[];
  beforeAll(async () => {
    ({ event, published } = await drawnSale());
    pages = await exported(event);
  });

  test('[LINE-23] is exported in bounded pages, and what Postgres hashed can be hashed again from them', async () => {
    expect(pages.length).toBeGreaterThan(1);
    const report = await verified(pages, { published });
    expect(report.faults).toEqual([]);
    expect(report.tally).toMatchObject({ drawn: 33, back: 1, invited: 1, openly: 1, epochs: 2 });
    const text = printed(report);
    expect(text).toContain('All 33 drawn numbers were computed again');
    expect(text).toContain('an operator who did could have joined');
    expect((await verified(pages, { published, last: report.tally.lastHash! })).faults).toEqual([]);
  });

  const all = (): AdmittedBatch[] => structuredClone(pages).flatMap(({ batches }) => batches);
  const onePage = (batches: AdmittedBatch[]) => [
    { eventId: event, batches: batches.slice(0, 10), next: '1' },
    { eventId: event, batches: batches.slice(10), next: null },
  ];
  /** Written anew from there on, as who has the database could: every hash is right again. */
  const rehashed = (batches: AdmittedBatch[]): AdmittedBatch[] => {
    let previousHash: string | null = null;
    for (const batch of batches) {
      batch.placesHash = placesHashOf(batch.places);
      batch.previousHash = previousHash;
      batch.firstOrder = Math.min(...batch.places.map(({ order }) => order));
      batch.lastOrder = Math.max(...batch.places.map(({ order }) => order));
      for (const lane of ['general', 'priority', 'returning'] as const) {
        batch.lanes[lane] = batch.places.filter((place) => place.lane === lane).length;
      }
      batch.hash = batchHashOf(event, batch);
      previousHash = batch.hash;
    }
    return batches;
  };
  const faultsOf = async (batches: AdmittedBatch[]) =>
    (await verified(onePage(batches), { published })).faults;

  const ofPlace: Array<[string, (place: AdmittedPlace) => Partial<AdmittedPlace>]> = [
    ['another place', () => ({ place: placeId() })],
    ['another turn', ({ turn }) => ({ turn: turn + 1 })],
    ['another order', ({ order }) => ({ order: order + 1 })],
    ['another lane', () => ({ lane: 'returning' })],
    ['passed over', ({ back }) => ({ back: !back })],
    ['invited', ({ invitedAtMs }) => ({ invitedAtMs: (invitedAtMs ?? 0) + 1 })],
  ];
  const ofBatch: Array<[string, (batch: AdmittedBatch) => Partial<AdmittedBatch>]> = [
    ['a place too many', ({ places }) => ({ places: [...places, { ...places[0]!, place: placeId() }] })],
    ['places of another', ({ batch }) => ({ places: all()[batch === 1 ? 2 : 0]!.places })],
    ['another number', ({ batch }) => ({ batch: batch + 1 })],
    ['another epoch', ({ epoch }) => ({ epoch: epoch + 1 })],
    ['another moment', (batch) => ({ takenAtMs: batch.takenAtMs + 1 })],
    ['another reason', () => ({ reason: 'paused' })],
    ['another first order', ({ firstOrder }) => ({ firstOrder: firstOrder - 1 })],
    ['another last order', ({ lastOrder }) => ({ lastOrder: lastOrder + 1 })],
    ['another count', ({ lanes }) => ({ lanes: { ...lanes, returning: lanes.returning + 1 } })],
    ['another hash of places', () => ({ placesHash: 'f'.repeat(64) })],
    ['another hash before', () => ({ previousHash: 'f'.repeat(64) })],
    ['another hash', () => ({ hash: 'f'.repeat(64) })],
  ];
  const forgeries = [
    ...ofPlace.map(
      ([what, forge]) =>
        [
          what,
          (batch: AdmittedBatch) => ({
            places: batch.places.with(-1, { ...batch.places.at(-1)!, ...forge(batch.places.at(-1)!) }),
          }),
        ] as const,
    ),
    ...ofBatch,
  ];

  test.each(forgeries)('[LINE-23] a forged line is found, in whichever batch: %s', async (_, forge) => {
    for (const [at, batch] of all().entries()) {
      expect(await faultsOf(all().with(at, { ...batch, ...forge(batch) })), `batch ${at}`).not.toEqual([]);
    }
  });

  test('[LINE-23] batches taken out, put in twice or in another order are found, and so is an end that is missing when it is known', async () => {
    const count = all().length;
    for (let at = 0; at < count; at += 1) {
      const without = all().toSpliced(at, 1);
      const report = await verified(onePage(without), { published, last: all().at(-1)!.hash });
      expect(report.faults, `without ${at}`).not.toEqual([]);
      expect(await faultsOf(all().toSpliced(at, 0, all()[at]!)), `twice ${at}`).not.toEqual([]);
      if (at > 0)
        expect(
          await faultsOf(
            all()
              .with(at, all()[at - 1]!)
              .with(at - 1, all()[at]!),
          ),
        ).not.toEqual([]);
    }
    const [first] = onePage(all());
    expect((await verified([first!], { published })).faults).toContain('the last page is missing');
    expect((await verified([...onePage(all()), first!], { published })).faults).not.toEqual([]);
    expect(
      (await verified([first!, { ...first!, eventId: 'another-event' }], { published })).faults,
    ).not.toEqual([]);
  });

  test('[LINE-24] who writes the whole chain anew cannot choose who was drawn where, let anyone overtake, or let anyone in twice', async () => {
    expect(await faultsOf(rehashed(all()))).toEqual([]);
    const chosen = all();
    chosen[0]!.places.sort((a, b) => a.order - b.order)[0]!.order = 1;
    expect(await faultsOf(rehashed(chosen))).toContainEqual(expect.stringContaining('did not draw 1'));

    const overtaken = all();
    const [early, later] = [
      overtaken[0]!.places[0]!,
      overtaken[1]!.places.find(({ back, lane }) => !back && lane === 'general')!,
    ];
    overtaken[0]!.places[0] = later;
    overtaken[1]!.places[overtaken[1]!.places.indexOf(later)] = early;
    expect(await faultsOf(rehashed(overtaken))).toContainEqual(
      expect.stringContaining('was overtaken in the general lane'),
    );

    const twice = all();
    twice[1]!.places.push({ ...twice[0]!.places[0]!, order: (takenAtMs + 500) * 1_000 });
    expect(await faultsOf(rehashed(twice))).toContainEqual(
      expect.stringContaining('for turn 1 after turn 1'),
    );

    const stepsBack = all();
    stepsBack.at(-1)!.epoch = 1;
    expect(await faultsOf(rehashed(stepsBack))).toContainEqual(
      expect.stringContaining('after one of epoch 2'),
    );

    const neverInvited = all();
    const invited = neverInvited[2]!.places[0]!;
    for (const invitedAtMs of [null, takenAtMs - limits.clockSkewMs]) {
      invited.invitedAtMs = invitedAtMs;
      expect(await faultsOf(rehashed(neverInvited))).toContainEqual(expect.stringContaining('priority lane'));
    }
  });

  test('[LINE-24] a drawn number needs the seed that was committed to', async () => {
    expect((await verified(pages, {})).faults).toContainEqual(expect.stringContaining('no seed is given'));
    const seed = '7'.repeat(64);
    const other = await verified(pages, { published: { ...published, seed } });
    expect(other.faults[0]).toBe('the seed is not the one that was committed to');
    expect(other.faults).toContainEqual(expect.stringContaining('did not draw'));
    await expect(verified([{ eventId: event }], { published })).rejects.toThrow(/line 1 is no page/);
    await expect(verified([], { published })).rejects.toThrow('the file has no page');
    await expect(verified(pages, { published: { ...published, seed: 'x' } })).rejects.toThrow(/not 32 bytes/);
    expect(new AdmissionsProof(event, published).faults).toEqual([]);
  });
});

test('[LINE-28] [BOOK-13] a removal is written down once, ends every turn the place has had, and outlives a loss of Redis', async () => {
  const event = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  const [inside, stranger] = [placeOf(2 ** 50 + 1), placeId()];
  await record(event, 1, [inside, placeOf(2 ** 50 + 2)]);
  for (const place of [inside.place, stranger, inside.place]) {
    const removed = await internal('POST', `/internal/rooms/${event}/removals`, {
      body: { actor: 'olga', place, why: 'a reseller' },
    });
    expect(removed.status).toBe(204);
  }
  const revoked = await sale.database.db
    .selectFrom('revocations')
    .select(['place', 'turn'])
    .where('event', '=', event)
    .execute();
  expect(revoked).toEqual([{ place: inside.place, turn: 1 }]);
  const entries = await sale.database.db
    .selectFrom('audit')
    .select(['actor', 'action', 'became', 'why'])
    .where('subject', '=', event)
    .orderBy('id')
    .execute();
  expect(entries).toEqual([
    {
      actor: 'olga',
      action: 'place.removed',
      became: { place: inside.place, turns: [1] },
      why: 'a reseller',
    },
    { actor: 'olga', action: 'place.removed', became: { place: stranger, turns: [] }, why: 'a reseller' },
  ]);
  const { body } = await internal<{ turns: KnownTurn[] }>('GET', `/internal/rooms/${event}/turns`);
  const known = new Map(body.turns.map(({ place, turn, stage }) => [place, [turn, stage]]));
  expect(known.get(inside.place)).toEqual([1, 'removed']);
  expect(known.get(stranger)).toEqual([0, 'removed']);

  // Let in all the same, by a line that was away or had not heard of it: that turn is over before it begins.
  await record(event, 2, [placeOf(2 ** 50 + 3, { place: stranger }), placeOf(2 ** 50 + 4)]);
  const now = await sale.database.db
    .selectFrom('revocations')
    .select('place')
    .where('event', '=', event)
    .execute();
  expect(now.map(({ place }) => place).sort()).toEqual([inside.place, stranger].sort());
});

test('[LINE-28] [BOOK-13] a revocation ends one turn that was recorded, once, and outlives a loss of Redis', async () => {
  const event = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  const inside = placeOf(2 ** 50 + 1);
  await record(event, 1, [inside]);
  const revoke = (turn: number, place = inside.place) =>
    internal('POST', `/internal/rooms/${event}/revocations`, {
      body: { actor: 'olga', revocation: { place, turn, why: 'asked for' } },
    });
  expect([(await revoke(1)).status, (await revoke(1)).status]).toEqual([204, 204]);
  expect(await revoke(2)).toMatchObject({ status: 404, body: { code: 'placeUnknown' } });
  expect(await revoke(1, placeId())).toMatchObject({ status: 404, body: { code: 'placeUnknown' } });
  const entries = await sale.database.db
    .selectFrom('audit')
    .select('action')
    .where('subject', '=', event)
    .execute();
  expect(entries).toEqual([{ action: 'turn.revoked' }]);
  const { body } = await internal<{ turns: KnownTurn[] }>('GET', `/internal/rooms/${event}/turns`);
  expect(body.turns).toMatchObject([{ place: inside.place, turn: 1, stage: 'revoked' }]);
});
