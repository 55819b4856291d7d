import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AdmissionsPage } from '@onsale/shared/http/admissions';
import type { CodedInvitation } from '@onsale/shared/http/invitations';
import type { Joined } from '@onsale/shared/http/line';
import type { PublicRoom } from '@onsale/shared/http/room';
import { limits } from '@onsale/shared/limits';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Sale, startSale } from '../../test/sale.ts';
import { until } from '../../test/until.ts';
import { onServer } from '../stack/database.ts';

const EVENT = 'club-night';
const DRAWN = 60;
const LATE = 20;

let sale: Sale;
beforeAll(async () => {
  sale = await startSale({ processes: { gateway: 2, 'core-worker': 0, admission: 2 } });
  // As an event whose doors were always shut.
  await onServer(sale.databaseUrl, async (client) => {
    await client.query('update rooms set open = false where event = $1', [EVENT]);
    await client.query('update rooms set joinable_since = null where event = $1', [EVENT]);
  });
});
afterAll(() => sale?.stop());

async function ask<T>(
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: object } = {},
) {
  const url = sale.gatewayUrls[Math.floor(Math.random() * sale.gatewayUrls.length)];
  const http = await fetch(url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!http.ok) throw new Error(`${method} ${path}: ${http.status} ${await http.text()}`);
  return (await http.json()) as T;
}
const operator = () => ({ authorization: `Bearer ${sale.operatorToken}`, 'idempotency-key': randomUUID() });
const patch = (body: object) =>
  ask(`/api/v1/operator/rooms/${EVENT}`, { method: 'PATCH', headers: operator(), body });
const room = () => ask<PublicRoom>(`/api/v1/events/${EVENT}/room`);
const joinFrom = (fan: number, invitation?: string) =>
  ask<Joined>(`/api/v1/events/${EVENT}/line`, {
    method: 'POST',
    headers: { 'x-forwarded-for': `10.4.${fan >> 8}.${fan & 255}` },
    ...(invitation === undefined ? {} : { body: { invitation } }),
  });

/** Runs the command as a person does. */
async function verifyDraw(...args: string[]): Promise<{ status: number; text: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, 'main.ts'),
      ...args,
    ]);
    return { status: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, text: stdout + stderr };
  }
}

test('[LINE-20] [LINE-23] [LINE-24] a draw of the whole system, from the commitment to the seed: its export proves its order to whoever has the file', async () => {
  await patch({
    orderMode: 'draw',
    opensAtMs: Date.now() + 3_600_000,
    paused: false,
    ratePerMinute: 600,
    capacity: 10_000,
  });
  await patch({ open: true });
  await until(async () => (await room()).room.state === 'preOpening', { what: 'fans may join' });
  const { draw } = await room();
  expect(draw.seed).toBeNull();

  const { invitations } = await ask<{ invitations: CodedInvitation[] }>(
    `/api/v1/operator/rooms/${EVENT}/invitations`,
    { method: 'POST', headers: operator(), body: { count: 8 } },
  );
  const early = await Promise.all(
    Array.from({ length: DRAWN }, (_, fan) => joinFrom(fan, invitations[fan]?.code)),
  );
  expect(early.every(({ status }) => status.state === 'waiting' && status.place === null)).toBe(true);
  await patch({ opensAtMs: Date.now() });
  await until(async () => (await room()).room.state === 'open', { what: 'the doors open' });
  for (let fan = DRAWN; fan < DRAWN + LATE; fan += 1) await joinFrom(fan);

  const pages = await until(
    async () => {
      const all: AdmissionsPage[] = [];
      for (let after: string | null = ''; after !== null; after = all.at(-1)!.next) {
        const query = after === '' ? '' : `?after=${after}`;
        all.push(await ask(`/api/v1/operator/rooms/${EVENT}/admissions${query}`, { headers: operator() }));
      }
      const places = all
        .flatMap(({ batches }) => batches)
        .reduce((sum, batch) => sum + batch.places.length, 0);
      return places === DRAWN + LATE && all;
    },
    { what: 'everyone is let in' },
  );
  const seed = await until(async () => (await room()).draw.seed, {
    what: 'the seed is told',
    withinMs: limits.clockSkewMs + 10_000,
  });

  const file = join(inject('servers').dir, `admissions-${process.pid}.jsonl`);
  const write = (text: string) => writeFileSync(file, text);
  const text = pages.map((page) => `${JSON.stringify(page)}\n`).join('');
  write(text);
  const last = pages.flatMap(({ batches }) => batches).at(-1)!.hash;
  const published = ['--seed', seed, '--commitment', draw.commitment];
  const proved = await verifyDraw(file, ...published, '--last', last);
  expect(proved.text).toContain(`All ${DRAWN} drawn numbers were computed again`);
  expect(proved.text).toContain(`${DRAWN + LATE} admissions`);
  expect(proved.status).toBe(0);

  const lanes = pages.flatMap(({ batches }) =>
    batches.flatMap(({ places }) => places.map(({ lane }) => lane)),
  );
  expect(lanes.filter((lane) => lane === 'priority')).toHaveLength(invitations.length);

  write(text.replace(/"order":(\d+)/, (_, order: string) => `"order":${Number(order) + 1}`));
  const forged = await verifyDraw(file, ...published);
  expect([forged.status, forged.text]).toEqual([
    1,
    expect.stringContaining('its places are not those that were hashed'),
  ]);
  write(text);
  expect((await verifyDraw(file)).status).toBe(1);
  expect((await verifyDraw(file, '--seed', seed)).status).toBe(2);
  expect((await verifyDraw('nowhere.jsonl', ...published)).status).toBe(2);
  expect(await verifyDraw('--help')).toMatchObject({
    status: 0,
    text: expect.stringContaining('asks nobody'),
  });
});
