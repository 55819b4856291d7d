import http, { CookieJar } from 'k6/http';
import { addressOf } from '../../crowd/addresses.ts';
import { bounds } from '../../crowd/bounds.ts';
import { networkHeaders } from '../lib/api.ts';
import { settings } from '../lib/settings.ts';
import type { Answer } from './judge.ts';

/** A request exactly as it is said: nothing is added but where it comes from. */
export interface Said {
  readonly method: string;
  readonly path: string;
  /** Sent as Bearer. */
  readonly token?: string | undefined;
  /** The value of the cookie that says which fan a browser is. */
  readonly cookie?: string | undefined;
  /** Idempotency-Key. */
  readonly key?: string | undefined;
  readonly body?: object | undefined;
  /** Said besides, or instead. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Told extends Answer {
  /** The whole answer, where it is JSON. */
  readonly json: unknown;
  /** The fan cookie that came with it. */
  readonly cookie: string | undefined;
}

export const FAN_COOKIE = 'onsale_fan';

/** Fans of the run have the numbers from 0 on: bots come from elsewhere. */
const FIRST_BOT = 1_000_000;
let asked = 0;

/** An address for each request, so that no limit of a network stands before the check that is aimed at. */
function anotherAddress(): string {
  asked += 1;
  return addressOf(settings.seed, FIRST_BOT + __VU * 100_003 + asked, settings.addresses);
}

/** @param kind tag of the request. @param network headers that say where it comes from; another address each time when not said */
export function ask(kind: string, said: Said, network = networkHeaders(anotherAddress())): Told {
  const { method, path, token, cookie, key, body } = said;
  const headers = {
    ...network,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(cookie === undefined ? {} : { cookie: `${FAN_COOKIE}=${cookie}` }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...said.headers,
  };
  const response = http.request(
    method,
    settings.url + path,
    body === undefined ? null : JSON.stringify(body),
    {
      headers,
      // A new one each time: what k6 is told to keep, it sends again by itself.
      jar: new CookieJar(),
      redirects: 0,
      timeout: bounds.requestTimeoutMs,
      tags: { op: 'bot', name: kind, kind },
      responseCallback: answers,
    },
  );
  const json = jsonOf(response.body as string | null);
  const code = (json as { code?: string } | undefined)?.code ?? 'undocumented';
  const { status } = response;
  return { status, code, json, cookie: response.cookies[FAN_COOKIE]?.[0]?.value };
}

/** Refusals are what is wanted; a fault of the sale is not. */
const answers = http.expectedStatuses({ min: 200, max: 499 });

function jsonOf(body: string | null): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}
