import { addressOf, EVERY_PRIVATE_ADDRESS } from '../../crowd/addresses.ts';

/** What a run is told by its environment: each value has a default and bounds; a wrong one stops k6 before the first fan. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Only whole numbers. */
  readonly whole?: boolean;
}

/** @throws Error naming the variable, what it may be and what it was. */
export function numberIn(env: Environment, name: string, otherwise: number, bounds: Bounds): number {
  const given = env[name];
  const value = given === undefined || given === '' ? otherwise : Number(given);
  const { min, max, whole = false } = bounds;
  // Written so that NaN is refused too.
  if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
    throw new Error(`${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not "${given}"`);
  }
  return value;
}

/** @throws Error naming the variable and what it was. */
export function textIn(env: Environment, name: string, otherwise: string, form: RegExp): string {
  const value = env[name] || otherwise;
  if (!form.test(value)) throw new Error(`${name} is not of the form ${form}: "${value}"`);
  return value;
}

/** Largest crowd of one run: every fan who is there at once is one of k6's virtual users. */
const FANS_MAX = 100_000;
const SECONDS_MAX = 86_400;
/** How they come when nothing is said: so many in a second on the average, and not all of a few at once. */
const FANS_PER_SECOND = 20;
const SECONDS_MIN = 10;

/** What every script knows. @throws Error naming the first variable that is wrong. */
export function settingsOf(env: Environment) {
  const fraction = { min: 0, max: 1 };
  const addresses = textIn(env, 'ONSALE_LOAD_TEST_ADDRESSES', EVERY_PRIVATE_ADDRESS, /^[^,]+$/);
  addressOf(0, 0, addresses);
  const fans = numberIn(env, 'FANS', 200, { min: 1, max: FANS_MAX, whole: true });
  const seconds = Math.max(SECONDS_MIN, fans / FANS_PER_SECOND);
  return {
    url: textIn(env, 'ONSALE_URL', 'http://127.0.0.1:3000', /^https?:\/\/[^/]+\/?$/).replace(/\/$/, ''),
    /** Without it the stock is not checked at the end. */
    operatorToken: env.ONSALE_OPERATOR_TOKEN ?? '',
    event: textIn(env, 'ONSALE_EVENT', 'club-night', /^[a-z0-9][a-z0-9-]{0,62}$/),
    /** Lets a run stand for many networks; without it the sale must trust this machine as a proxy. */
    loadTestToken: env.ONSALE_LOAD_TEST_TOKEN ?? '',
    /** The IPv4 block that fans come from. */
    addresses,
    /** The same seed makes the same fans. */
    seed: numberIn(env, 'SEED', 1, { min: 0, max: 2 ** 31 - 1, whole: true }),
    fans,
    /** Name of a file in loadtest/k6/curves, or an absolute path that ends in .json: k6 would look for another one from here. */
    curve: textIn(env, 'CURVE', 'flat', /^([a-z0-9-]+|\/.*\.json)$/),
    /** The fans come within this time, whether the sale keeps up or not. */
    arrivalSeconds: numberIn(env, 'ARRIVAL_SECONDS', seconds, { min: 0.1, max: SECONDS_MAX }),
    /** How long one fan's sale may take. */
    patienceSeconds: numberIn(env, 'PATIENCE_SECONDS', 180, { min: 1, max: SECONDS_MAX }),
    /** Mean pause before each thing that a shopper does. */
    thinkSeconds: numberIn(env, 'THINK_SECONDS', 0.5, { min: 0, max: 3_600 }),
    /** Of the fans, those who are not there when it is their turn. */
    noShow: numberIn(env, 'NO_SHOW', 0, fraction),
    /** Of the fans, those who go before they have bought: half from the line, half with a hold; half of each without a word. */
    dropOut: numberIn(env, 'DROP_OUT', 0, fraction),
    /** Threshold of every operation. */
    p99Ms: numberIn(env, 'P99_MS', 500, { min: 1, max: 600_000 }),
  } as const;
}
