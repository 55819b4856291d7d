import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '@onsale/shared/service/app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PaymentProvider, walled } from '../../src/http/browser-walls.ts';
import { addMethodCheck } from '../../src/http/methods.ts';
import { addPages } from '../../src/http/pages.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onsale-pages-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>fan</title>');
  writeFileSync(join(folder, 'assets', 'fan-1a2b.js'), `console.log(${'1,'.repeat(2_000)}1)`);
  writeFileSync(join(folder, 'notes.secret'), 'not a page');
});
afterAll(() => rmSync(folder, { recursive: true }));

function pagesOf(from: string, publicUrl = 'https://onsale.test', provider: PaymentProvider = 'sandbox') {
  const app = createApp((fault) => {
    throw fault;
  });
  addMethodCheck(app);
  addPages(app, from);
  const fetch = walled(async (request) => app.fetch(request), publicUrl, provider);
  // As the server does: what an answer says itself counts.
  return async (path: string, init?: RequestInit): Promise<Response> => {
    const walls = new Headers();
    const outgoing = { setHeader: (name: string, value: string) => walls.set(name, value) };
    const answer = await fetch(new Request(`http://localhost${path}`, init), { outgoing });
    for (const [name, value] of walls) if (!answer.headers.has(name)) answer.headers.set(name, value);
    return answer;
  };
}

test('[PAGE-7] pages may load from here alone, run nothing inline, and be framed by nobody', async () => {
  const get = pagesOf(folder);
  for (const path of ['/', '/events/club-night', '/orders/1', '/operator']) {
    const page = await get(path);
    expect(await page.text()).toContain('<title>fan</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|http|\*/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect((await get(path, { headers: { 'if-none-match': page.headers.get('etag')! } })).status).toBe(304);
  }
  const plain = await pagesOf(folder, 'http://127.0.0.1:3000')('/');
  expect(plain.headers.get('strict-transport-security')).toBeNull();
});

test('[PAGE-7] an answer of the API is data: as a page it would load nothing and be framed by nobody, and a path decides', async () => {
  const get = pagesOf(folder);
  const data = await get('/api/v1/events/club-night');
  expect(data.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  for (const path of ['/api/v1/events/club-night', '/events/api/', '//api/', '/?/api/', '/apis']) {
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('x-frame-options')).toBe(path.startsWith('/api/') ? null : 'DENY');
  }
});

test('[PAGE-7] [PAY-28] where Stripe takes the money, its documented hosts are let in and nobody else', async () => {
  const page = await pagesOf(folder, 'https://onsale.test', 'stripe')('/');
  const policy = Object.fromEntries(
    page.headers
      .get('content-security-policy')!
      .split(';')
      .map((directive) => directive.trim().split(' '))
      .map(([name, ...sources]) => [name, sources]),
  );
  const scripts = ['https://js.stripe.com', 'https://*.js.stripe.com'];
  expect(policy).toEqual({
    'default-src': ["'self'"],
    'script-src': ["'self'", ...scripts],
    'frame-src': [...scripts, 'https://hooks.stripe.com'],
    'connect-src': ["'self'", 'https://api.stripe.com'],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'object-src': ["'none'"],
  });
});

test('a hashed file is kept for ever and sent small; what is no file of ours is not there', async () => {
  const get = pagesOf(folder);
  const asset = await get('/assets/fan-1a2b.js', { headers: { 'accept-encoding': 'br, gzip' } });
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect(asset.headers.get('content-encoding')).toBe('gzip');
  expect((await asset.arrayBuffer()).byteLength).toBeLessThan(500);
  for (const path of ['/notes.secret', '/assets/', '/assets/other.js', '/../package.json']) {
    expect((await get(path)).status, path).toBe(404);
  }
  expect((await get('/', { method: 'POST' })).status).toBe(405);
});

test('[API-1] pages that have not been built are said to be that', async () => {
  const page = await pagesOf(join(folder, 'nowhere'))('/');
  expect(page.status).toBe(503);
  expect((await page.json()) as object).toMatchObject({ code: 'unavailable' });
});
