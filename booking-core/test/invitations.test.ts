import { randomBytes, randomUUID } from 'node:crypto';
import type { Invitation, Redeemed } from '@onsale/shared/http/invitations';
import { limits } from '@onsale/shared/limits';
import { invitationIdOf } from '@onsale/shared/tokens/invitation';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { internalOf } from './internal.ts';
import { openSale, type TestSale } from './sale.ts';

let sale: TestSale;
let event: string;
beforeAll(async () => {
  sale = await openSale({ cores: 2 });
  event = await sale.putOnSale({ tiers: { a: 10 }, buyerLimit: 4 });
});
afterAll(() => sale.close());
const internal = internalOf(() => sale);

const placeId = (): string => randomBytes(16).toString('base64url');
const termsOf = (changes: object = {}) => ({
  label: 'members',
  lane: 'priority',
  usesMax: 1,
  expiresAtMs: null,
  ...changes,
});

async function make(
  count: number,
  changes: object = {},
  { key = randomUUID() as string, core = 0, of = event } = {},
) {
  const invitations = Array.from({ length: count }, (_, n) => ({
    invitationId: invitationIdOf(of, key, n),
    subject: null,
    buyer: '00000000-0000-8000-8000-000000000000',
    place: String(n).padStart(22, 'p'),
  }));
  return internal<{ invitations: Invitation[] }>('POST', `/internal/rooms/${of}/invitations`, {
    core,
    body: { actor: 'olga', key, terms: termsOf(changes), invitations },
  });
}
const one = async (changes: object = {}, of = event): Promise<string> =>
  (await make(1, changes, { of })).body.invitations[0]!.invitationId;
const redeem = (id: string, place: string, { core = 0, of = event } = {}) =>
  internal<Redeemed>('POST', `/internal/rooms/${of}/invitations/${id}/uses`, {
    core,
    body: { place, buyer: randomUUID() },
  });
const usesOf = async (id: string): Promise<[number, number]> => {
  const { rows } = await sql<{ uses: number; places: number }>`
    select uses, (select count(*)::int from invitation_uses where invitation = id) places
    from invitations where id = ${id}`.execute(sale.database.db);
  return [rows[0]!.uses, rows[0]!.places];
};

test('[LINE-26] of many places that come at once as many get in as the invitation has uses, each counted once however often it asks', async () => {
  for (const usesMax of [1, 3]) {
    const id = await one({ usesMax });
    const places = Array.from({ length: 12 }, placeId);
    const answers = await Promise.all(
      places.flatMap((place) =>
        [0, 1, 0].map(async (core) => ({ place, ...(await redeem(id, place, { core })) })),
      ),
    );
    const inside = new Set(answers.filter(({ status }) => status === 200).map(({ place }) => place));
    expect(inside.size).toBe(usesMax);
    expect(answers.filter(({ body }) => body.outcome === 'new')).toHaveLength(usesMax);
    for (const { place, status, body } of answers) {
      if (inside.has(place)) expect(body).toMatchObject({ place, lane: 'priority' });
      else expect([status, body.code]).toEqual([409, 'invitationSpent']);
    }
    expect(await usesOf(id)).toEqual([usesMax, usesMax]);
  }
});

test('[LINE-26] who has used it comes again whatever became of it; for others it is over once it has expired or was withdrawn', async () => {
  const expiresAtMs = Date.now() + 3_600_000;
  const [withdrawn, expired] = [await one({ usesMax: 9 }), await one({ usesMax: 9, expiresAtMs })];
  const early = placeId();
  for (const id of [withdrawn, expired]) expect((await redeem(id, early)).body.outcome).toBe('new');
  for (const core of [0, 1]) {
    const gone = await internal('DELETE', `/internal/rooms/${event}/invitations/${withdrawn}`, {
      core,
      body: { actor: 'olga', why: 'sent to the wrong people' },
    });
    expect(gone.status).toBe(204);
  }
  await sale.moveClock(3_600_001);
  for (const id of [withdrawn, expired]) {
    expect((await redeem(id, early)).body.outcome).toBe('already');
    expect(await redeem(id, placeId())).toMatchObject({ status: 409, body: { code: 'invitationOver' } });
    expect(await usesOf(id)).toEqual([1, 1]);
  }
  await sale.moveClock(0);
  const entries = await sale.database.db
    .selectFrom('audit')
    .select(['actor', 'became', 'why'])
    .where('action', '=', 'invitation.revoked')
    .execute();
  expect(entries).toEqual([
    { actor: 'olga', became: { invitation: withdrawn }, why: 'sent to the wrong people' },
  ]);
});

test('[LINE-26] an invitation to one event is none to another', async () => {
  const other = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  const id = await one();
  expect(await redeem(id, placeId(), { of: other })).toMatchObject({
    status: 403,
    body: { code: 'invitationInvalid' },
  });
  expect(await redeem('0'.repeat(20), placeId())).toMatchObject({ body: { code: 'invitationInvalid' } });
  const withdraw = await internal('DELETE', `/internal/rooms/${other}/invitations/${id}`, {
    body: { actor: 'olga', why: 'x' },
  });
  expect(withdraw.body.code).toBe('invitationInvalid');
});

test('[LINE-27] in a room for invited fans the place is the invitation’s own: whoever brings it, it is one place and one use', async () => {
  const invitedOnly = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  await sql`update rooms set identity = 'invitation' where event = ${invitedOnly}`.execute(sale.database.db);
  const id = await one({ lane: 'general' }, invitedOnly);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => redeem(id, placeId(), { of: invitedOnly, core: n % 2 })),
  );
  expect(new Set(answers.map(({ body }) => `${body.place} ${body.buyer} ${body.lane}`))).toEqual(
    new Set([`${'0'.padStart(22, 'p')} 00000000-0000-8000-8000-000000000000 general`]),
  );
  expect(answers.filter(({ body }) => body.outcome === 'new')).toHaveLength(1);
  expect(await usesOf(id)).toEqual([1, 1]);
});

test('[LINE-26] the same key makes the same invitations, in one entry of the audit; another request under it is refused', async () => {
  const key = randomUUID();
  const answers = await Promise.all([0, 1, 0, 1].map((core) => make(3, {}, { key, core })));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body.invitations))).size).toBe(1);
  expect(answers[0]!.body.invitations).toHaveLength(3);
  for (const asked of [
    () => make(2, {}, { key }),
    () => make(4, {}, { key }),
    () => make(3, { usesMax: 2 }, { key }),
  ]) {
    expect(await asked()).toMatchObject({ status: 422, body: { code: 'idempotencyMismatch' } });
  }
  const { rows } = await sql<{ count: number }>`select count(*)::int from audit
    where action = 'invitations.created' and became->>'first' = ${invitationIdOf(event, key, 0)}`.execute(
    sale.database.db,
  );
  expect(rows[0]!.count).toBe(1);
});

test('[LINE-26] a list of many pages has every invitation once, the newest first', async () => {
  const listed = await sale.putOnSale({ tiers: { a: 1 }, buyerLimit: 1 });
  for (let batch = 0; batch < 3; batch += 1) await make(limits.invitationPageMax - 30, {}, { of: listed });
  const seen: Invitation[] = [];
  let after: string | null = null;
  do {
    const query: string = after === null ? '' : `?after=${after}`;
    const { body } = await internal<{ invitations: Invitation[]; next: string | null }>(
      'GET',
      `/internal/rooms/${listed}/invitations${query}`,
    );
    seen.push(...body.invitations);
    after = body.next;
  } while (after !== null);
  expect(seen).toHaveLength(3 * (limits.invitationPageMax - 30));
  expect(new Set(seen.map(({ invitationId }) => invitationId)).size).toBe(seen.length);
  const times = seen.map(({ createdAtMs }) => createdAtMs);
  expect(times).toEqual([...times].sort((a, b) => b - a));
});
