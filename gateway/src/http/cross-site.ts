import { Refusal } from '@onsale/shared/errors';
import type { AppEnv } from '@onsale/shared/service/env';
import { headerOf } from '@onsale/shared/service/header';
import type { Context } from 'hono';

/**
 * Refuses a write that another site's page makes in the fan's browser: it would carry his cookie. Browsers say where a
 * request comes from, and pages cannot change it; what is no browser says nothing and has no cookie of anybody's.
 * @throws Refusal forbidden
 */
export function refuseCrossSite(c: Context<AppEnv>, publicUrl: string): void {
  const site = headerOf(c, 'sec-fetch-site');
  if (site !== undefined) {
    if (site === 'same-origin' || site === 'none') return;
    throw new Refusal('forbidden', { detail: 'This request comes from another site' });
  }
  const origin = headerOf(c, 'origin');
  if (origin === undefined || origin === new URL(publicUrl).origin) return;
  // A page opened by another name of this machine (an address in the local network) has that name in both headers.
  if (URL.canParse(origin) && new URL(origin).host === headerOf(c, 'host')) return;
  throw new Refusal('forbidden', { detail: 'This request comes from another site' });
}
