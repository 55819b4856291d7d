import type { ServerResponse } from 'node:http';
import { putEarly } from '@onsale/shared/service/plain-response';
import type { Fetch } from './measured.ts';

export type PaymentProvider = 'sandbox' | 'stripe';

/**
 * What Stripe documents for Stripe.js: its script must come from there, the card is entered into its frames, and it speaks to
 * its API. No maps, which only its address forms need.
 */
const stripeScripts = ['https://js.stripe.com', 'https://*.js.stripe.com'];
const forStripe = {
  'script-src': ["'self'", ...stripeScripts],
  'frame-src': [...stripeScripts, 'https://hooks.stripe.com'],
  'connect-src': ["'self'", 'https://api.stripe.com'],
};

/**
 * What a browser may do with our pages: load from us alone (and, where it takes the money, from Stripe), run no inline
 * script, be framed by nobody. They need no feature of the device.
 */
function pageWallsOf(provider: PaymentProvider): Readonly<Record<string, string>> {
  const policy = {
    'default-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'object-src': ["'none'"],
    ...(provider === 'stripe' ? forStripe : {}),
  };
  const directives = Object.entries(policy).map(([name, from]) => [name, ...from].join(' '));
  const features = ['camera', 'geolocation', 'microphone', 'payment', 'usb'];
  return {
    'content-security-policy': directives.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': features.map((feature) => `${feature}=()`).join(', '),
    'referrer-policy': 'same-origin',
    'x-dns-prefetch-control': 'off',
    'x-frame-options': 'DENY',
  };
}

/** An answer of the API is data: shown as a page it loads nothing, runs nothing, and is framed by nobody. */
const dataWalls = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" };

/**
 * Puts the walls on every answer, before it is made: on a finished one they would cost as much as the rest of it. An answer
 * that needs another policy says so itself.
 * @param provider option PAYMENT_PROVIDER
 */
export function walled(fetch: Fetch, publicUrl: string, provider: PaymentProvider): Fetch {
  const all = {
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
  const ofPages = { ...pageWallsOf(provider), ...all };
  const ofData = { ...dataWalls, ...all };
  return (request, env) => {
    const { outgoing } = env as { outgoing: ServerResponse };
    putEarly(outgoing, isOfApi(request.url) ? ofData : ofPages);
    return fetch(request, env);
  };
}

/** By its path, which begins behind the two slashes of the address. */
const isOfApi = (url: string): boolean => url.startsWith('/api/', url.indexOf('/', 'https://'.length));
