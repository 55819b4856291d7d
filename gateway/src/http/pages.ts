import type { OpenAPIHono } from '@hono/zod-openapi';
import { Refusal } from '@onsale/shared/errors';
import type { AppEnv } from '@onsale/shared/service/env';
import type { Context } from 'hono';
import { type WebFile, webFilesOf } from './web-files.ts';

/** Where the browser's own routes live: all of them are one page, which reads the path itself. */
const fanPaths = ['/', '/events/:eventId', '/orders', '/orders/:orderId'];

/**
 * Serves the built pages. A file whose name carries its hash never changes; every other is asked for again each time.
 * @param folder where vite builds to; read once, at start
 */
export function addPages(app: OpenAPIHono<AppEnv>, folder: string): void {
  const files = webFilesOf(folder);
  const fan = files.get('index.html');
  const operator = files.get('operator.html') ?? files.get('operator/index.html') ?? fan;

  for (const path of fanPaths) app.get(path, (c) => answer(c, fan, 'no-cache'));
  app.get('/operator', (c) => answer(c, operator, 'no-cache'));
  for (const [path, file] of files) {
    const hashed = path.startsWith('assets/');
    app.get(`/${path}`, (c) => answer(c, file, hashed ? 'public, max-age=31536000, immutable' : 'no-cache'));
  }
}

function answer(c: Context<AppEnv>, file: WebFile | undefined, cacheControl: string): Response {
  if (file === undefined) throw new Refusal('unavailable', { detail: 'The pages have not been built' });
  const headers = { 'cache-control': cacheControl, etag: file.etag, vary: 'accept-encoding' };
  if (c.req.header('if-none-match')?.includes(file.etag)) return c.body(null, 304, headers);

  const squeezed = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '') ? file.gzipped : undefined;
  return c.body(new Uint8Array(squeezed ?? file.bytes), 200, {
    ...headers,
    'content-type': file.type,
    ...(squeezed === undefined ? {} : { 'content-encoding': 'gzip' }),
  });
}
