import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { integerArray, textArray, uuidArray } from '../src/db/arrays.ts';

let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: inject('servers').databaseUrl });
  await client.connect();
});
afterAll(() => client.end());

const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
/** What Postgres takes as text: no NUL and no half of a pair. */
const text = fc.string({ unit: 'grapheme' }).map((one) => one.replaceAll('\0', ''));

test('[BOOK-2] the columns of a batch are read as they were meant', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uuid()),
      fc.array(fc.option(integer)),
      fc.array(text),
      async (ids, numbers, texts) => {
        const { rows } = await client.query<{ ids: string[]; numbers: number[]; texts: string[] }>(
          'select $1::uuid[] ids, $2::integer[] numbers, $3::text[] texts',
          [uuidArray(ids), integerArray(numbers), textArray(texts)],
        );
        expect(rows[0]).toEqual({ ids, numbers, texts });
      },
    ),
  );
  for (const ids of [['x'], [randomUUID(), randomUUID().slice(1)], [randomUUID(), '']]) {
    expect(() => uuidArray(ids)).toThrow(RangeError);
  }
});
