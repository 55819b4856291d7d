import { hmac, randomBytes } from 'k6/crypto';
import { b64decode, b64encode } from 'k6/encoding';

/**
 * Tokens as somebody makes them who has seen ours and has none of the keys: `<kind>.<kid>.<payload>.<mac>`, and the
 * pass, a JWT.
 */
const json64 = (value: unknown): string => b64encode(JSON.stringify(value), 'rawurl');
const jsonOf = <T>(part: string): T => JSON.parse(b64decode(part, 'rawurl', 's')) as T;

/** What a token of ours says; everybody can read it. */
export const payloadOf = <T = Record<string, unknown>>(token: string): T => jsonOf<T>(token.split('.')[2]!);

/** The same token saying something else, with the signature it had. */
export function edited(token: string, changes: object): string {
  const [kind, kid, payload, mac] = token.split('.') as [string, string, string, string];
  return [kind, kid, json64({ ...jsonOf<object>(payload), ...changes }), mac].join('.');
}

/** A whole token, signed with a key of the bot's own. @param kind may be another one than that of the token it is made after */
export function made(like: string, kind: string, changes: object): string {
  const [, kid, payload] = like.split('.') as [string, string, string];
  const text = [kind, kid, json64({ ...jsonOf<object>(payload), ...changes })].join('.');
  return `${text}.${hmac('sha256', randomBytes(32), text, 'base64rawurl')}`;
}

/** One character of the signature is another one. */
export const flipped = (token: string): string => {
  const at = token.lastIndexOf('.') + 3;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
};

export interface PassParts {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly signature: string;
}

export function partsOf(pass: string): PassParts {
  const [header, claims, signature] = pass.split('.') as [string, string, string];
  return { header: jsonOf(header), claims: jsonOf(claims), signature };
}

/** @param sign of the text that is signed; without it the signature that the parts bring along */
export function passOf({ header, claims, signature }: PassParts, sign?: (text: string) => string): string {
  const text = `${json64(header)}.${json64(claims)}`;
  return `${text}.${sign === undefined ? signature : sign(text)}`;
}

/** HMAC under something everybody knows: what fools a library that lets the token choose its algorithm. */
export const hs256 =
  (secret: string) =>
  (text: string): string =>
    hmac('sha256', secret, text, 'base64rawurl');

/** 64 bytes of the bot's own: as long as a true Ed25519 signature. */
export const someSignature = (): string => b64encode(randomBytes(64), 'rawurl');
