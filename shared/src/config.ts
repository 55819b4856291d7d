import { z } from 'zod';
import { limits } from './limits.ts';

/**
 * Every option of every process, read once at start from the environment. `docs/operations/config.md` is made from
 * this file. Units are last in the name; a missing or malformed option is named, and the process does not start.
 */
const port = z.coerce.number().int().min(0).max(65_535);

/** `kid:base64` pairs, comma-separated, of 32 bytes each. The first signs, all verify: rotation is a new first pair. */
const hmacKeys = z
  .string()
  .regex(
    /^[a-z0-9]{1,16}:[A-Za-z0-9+/=]{43,44}(,[a-z0-9]{1,16}:[A-Za-z0-9+/=]{43,44})*$/,
    'kid:base64 of 32 bytes, comma-separated',
  );

/** Where keys go: only over TLS, or not off this machine. */
const apiUrl = z
  .url()
  .refine(
    (url) => /^https:|^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/?$/.test(url),
    'https, or http on loopback',
  );
const stripeKey = (kind: string, what: string) =>
  z.string().regex(new RegExp(`^${kind}_(test|live)_[A-Za-z0-9]{1,250}$`), what);

/** Private Ed25519 JWKs with `kid`, as one JSON array. The first signs, all verify and are published. */
const passKeys = z.string().transform((text, context) => {
  const keys = z
    .array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        kid: z.string().min(1).max(32),
        x: z.string(),
        d: z.string(),
      }),
    )
    .min(1)
    .safeParse(safeJson(text));
  if (keys.success) return keys.data;
  context.addIssue({ code: 'custom', message: 'a JSON array of private Ed25519 JWKs with kid' });
  return z.NEVER;
});

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const options = {
  DATABASE_URL: z.string().startsWith('postgres').describe('Postgres of the booking core.'),
  REDIS_URL: z.string().startsWith('redis').describe('Redis of the line and the queues.'),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('onsale')
    .describe('First part of every Redis key; two installations on one Redis need two prefixes.'),
  HOST: z.string().default('127.0.0.1').describe('Address every port listens on; `0.0.0.0` in a container.'),
  GATEWAY_PORT: port.default(3000).describe("The fans' and operators' front door."),
  GATEWAY_INTERNAL_PORT: port.default(3001).describe("The gateway's health and metrics."),
  ADMISSION_INTERNAL_PORT: port.default(3002).describe("The admission worker's health and metrics."),
  CORE_PORT: port.default(3003).describe("The booking core's public API, behind the gateway."),
  CORE_INTERNAL_PORT: port.default(3004).describe("The booking core's internal routes, health and metrics."),
  CORE_WORKER_INTERNAL_PORT: port.default(3005).describe("The core's worker: health and metrics."),
  CORE_URL: z.url().default('http://127.0.0.1:3003').describe('Where the gateway finds the booking API.'),
  CORE_INTERNAL_URL: z
    .url()
    .default('http://127.0.0.1:3004')
    .describe("Where gateway and admission find the core's internal routes."),
  SERVICE_TOKEN: z.string().min(32).max(256).describe('Shared secret of the internal routes.'),
  HMAC_KEYS: hmacKeys.describe(
    'Keys of place, session, order, ticket, fan and operator tokens: `kid:base64` pairs; the first signs.',
  ),
  PLACE_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/=]{43,44}$/)
    .describe(
      'Key of place ids, base64 of 32 bytes. Never rotated during a sale: it decides who is the same fan.',
    ),
  PASS_KEYS: passKeys.describe(
    'Private Ed25519 JWKs that sign passes, a JSON array; the first signs, all are published.',
  ),
  PUBLIC_URL: z
    .url()
    .default('http://127.0.0.1:3000')
    .describe('Address of the front door as fans see it; issuer of passes; https makes cookies secure.'),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .describe('Addresses or CIDR blocks whose X-Forwarded-For is believed, comma-separated.'),
  NETWORK_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(limits.networkRequestsPerMinute)
    .describe('Joins and claims that one network (IPv4 address, IPv6 /64) may make per minute.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),
  SANDBOX_SLOW_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .describe('How long the sandbox payment provider takes to answer a slow payment.'),
  PAYMENT_PROVIDER: z
    .enum(['sandbox', 'stripe'])
    .default('sandbox')
    .describe('Who takes the money of new payments; older ones stay with whom they were made.'),
  STRIPE_SECRET_KEY: stripeKey('(sk|rk)', 'sk_test_…, sk_live_… or a restricted key')
    .optional()
    .describe(
      "Secret key of the Stripe account; needed with `PAYMENT_PROVIDER=stripe`, and as long as Stripe's payments are not all settled.",
    ),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(
      /^whsec_[A-Za-z0-9+/=_-]{1,250}(,whsec_[A-Za-z0-9+/=_-]{1,250}){0,4}$/,
      'whsec_…, comma-separated, five at most',
    )
    .transform((text) => text.split(','))
    .optional()
    .describe(
      "Signing secrets of Stripe's webhook endpoint, comma-separated: any of them is believed, so that they can be rotated.",
    ),
  STRIPE_PUBLISHABLE_KEY: stripeKey('pk', 'pk_test_… or pk_live_…')
    .optional()
    .describe("Stripe's key for browsers; the pages are told it."),
  STRIPE_API_URL: apiUrl
    .default('https://api.stripe.com')
    .describe("Where Stripe's API is; another one only in tests."),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, 'smtp://… or smtps://…')
    .optional()
    .describe('Mail server, with user and password if it wants them. Unset: mails become files in MAIL_DIR.'),
  MAIL_DIR: z
    .string()
    .min(1)
    .default('.onsale/mail')
    .describe('Folder of mails (`.eml`) while SMTP_URL is unset.'),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>"@\p{C}]{1,80} <[^<>\s@]{1,64}@[a-z0-9.-]{1,200}>|[^<>\s@]{1,64}@[a-z0-9.-]{1,200})$/iu,
      '`Name <address>` or an address',
    )
    .default('Onsale <tickets@localhost>')
    .describe('Who mails are from: `Name <address>` or an address.'),
} as const;

export type OptionName = keyof typeof options;
export type Config<Names extends OptionName> = { readonly [N in Names]: z.output<(typeof options)[N]> };

/** Options that the value of another makes necessary. */
const needed: ReadonlyArray<{ when: OptionName; is: string; need: readonly OptionName[] }> = [
  {
    when: 'PAYMENT_PROVIDER',
    is: 'stripe',
    need: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'STRIPE_PUBLISHABLE_KEY'],
  },
];

export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the named options. An empty value counts as unset.
 * @throws ConfigError naming every option that is missing or malformed, never its value.
 */
export function readConfig<const Names extends OptionName>(
  env: NodeJS.ProcessEnv,
  names: readonly Names[],
): Config<Names> {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  for (const name of names) {
    const parsed = options[name].safeParse(env[name] === '' ? undefined : env[name]);
    if (parsed.success) config[name] = parsed.data;
    else
      faults.push(
        `${name}: ${env[name] ? parsed.error.issues[0]!.message : 'missing'} (${options[name].description})`,
      );
  }
  for (const { when, is, need } of needed) {
    if (config[when] !== is) continue;
    for (const name of names.filter((one) => need.includes(one) && !env[one])) {
      faults.push(`${name}: missing, ${when}=${is} needs it (${options[name].description})`);
    }
  }
  if (faults.length > 0) throw new ConfigError(`Configuration is not complete:\n  ${faults.join('\n  ')}`);
  return config as Config<Names>;
}
