import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { advice } from '../advice.ts';
import { type ProblemCode, problems } from '../errors.ts';
import type { AppEnv } from './env.ts';

/** Nothing comes from elsewhere, no script or style is written into the page; the renderer's icons are `data:` images. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

interface File {
  readonly type: string;
  readonly text: () => string;
}

/**
 * `GET /reference`: the app's document to read and to try, by Swagger UI, without any other host; `/reference/errors`: every
 * refusal, each at its own `#code`.
 * @param read one file of the package swagger-ui-dist; called when somebody first asks for it
 */
export function addReference(
  app: OpenAPIHono<AppEnv>,
  { title, read }: { title: string; read: (name: string) => string },
): void {
  const files: Readonly<Record<string, File>> = {
    '/reference': { type: 'text/html; charset=utf-8', text: () => referencePage(title) },
    '/reference/errors': { type: 'text/html; charset=utf-8', text: () => errorsPage(title) },
    '/reference/start.js': { type: 'text/javascript; charset=utf-8', text: () => START },
    '/reference/own.css': { type: 'text/css; charset=utf-8', text: () => STYLE },
    '/reference/swagger-ui.js': {
      type: 'text/javascript; charset=utf-8',
      text: () => read('swagger-ui-bundle.js'),
    },
    '/reference/swagger-ui.css': { type: 'text/css; charset=utf-8', text: () => read('swagger-ui.css') },
  };
  for (const [path, { type, text }] of Object.entries(files)) {
    let made: ReturnType<typeof madeOf> | undefined;
    app.get(path, (c) => {
      made ??= madeOf(text());
      const headers = {
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cache-control': 'no-cache',
        etag: made.etag,
        vary: 'accept-encoding',
      };
      if (c.req.header('if-none-match')?.includes(made.etag)) return c.body(null, 304, headers);
      const squeezed = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
      return c.body(squeezed ? made.squeezed : made.text, 200, {
        ...headers,
        'content-type': type,
        ...(squeezed ? { 'content-encoding': 'gzip' } : {}),
      });
    });
  }
}

function madeOf(text: string) {
  const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`;
  return { text, squeezed: new Uint8Array(gzipSync(text)), etag };
}

const page = (title: string, style: string, content: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/reference/${style}">
${content}
</html>
`;

const referencePage = (title: string): string =>
  page(
    `${title}: the API`,
    'swagger-ui.css',
    `<link rel="stylesheet" href="/reference/own.css">
<main id="reference"></main>
<script src="/reference/swagger-ui.js"></script>
<script src="/reference/start.js"></script>`,
  );

const errorsPage = (title: string): string =>
  page(
    `${title}: errors`,
    'own.css',
    `<main class="errors">
<p><a href="/reference">The API</a></p>
<h1>Errors</h1>
<p>Every error is one RFC 9457 problem, <code>application/problem+json</code>. Its <code>code</code> is stable for ever and is
the end of its <code>type</code>, <code>urn:onsale:problem:&lt;code&gt;</code>. <code>retryAfterMs</code>, where it is, says when
asking again is worth it; <code>requestId</code> finds the request in the logs.</p>
<dl>
${Object.entries(problems)
  .map(
    ([code, { status, title: says }]) =>
      `<dt id="${code}"><a href="#${code}"><code>${code}</code></a> <span>${status}</span></dt>
<dd>${escaped(says)}.<br>${escaped(advice[code as ProblemCode]).replaceAll(/`([^`]+)`/g, '<code>$1</code>')}</dd>`,
  )
  .join('\n')}
</dl>
</main>`,
  );

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  validatorUrl: null,
  queryConfigEnabled: false,
});
`;

const STYLE = `.errors { max-width: 44rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; }
.errors dt { margin-top: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
.errors dt:target { background: #fff3bf; }
.errors dt span { color: #595959; }
.errors dd { margin: 0; }
.errors a { color: #0b57d0; }
.swagger-ui .response-col_links { display: none; }
@media (max-width: 40rem) {
  .swagger-ui .response-col_status { min-width: 3rem; padding-right: 0.5rem; }
  .swagger-ui table.responses-table, .swagger-ui .responses-inner { padding: 0.5rem; }
  .swagger-ui .wrapper, .swagger-ui .information-container { padding: 0 0.75rem; }
  .swagger-ui .info { margin: 1rem 0; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-path { max-width: none; overflow-wrap: anywhere; }
  .swagger-ui .scheme-container .schemes { flex-wrap: wrap; }
}
`;
