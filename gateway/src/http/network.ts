import { hash, type KeyObject } from 'node:crypto';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** @param blocks addresses or CIDR blocks; @throws Error naming a bad one */
export function blocksOf(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', bits] = block.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) throw new Error(`${block} is not an address or CIDR block`);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** The proxies whose X-Forwarded-For is believed. @param blocks addresses or CIDR blocks; @throws Error naming a bad one */
export function proxiesOf(blocks: readonly string[]): BlockList {
  try {
    return blocksOf(blocks);
  } catch (cause) {
    throw new Error(`TRUSTED_PROXIES: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The address a request comes from: walking from the peer leftwards through X-Forwarded-For, the first that is no
 * trusted proxy. What stands further left was written by somebody we do not know.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, proxies: BlockList): string {
  let address = plainAddress(peer);
  for (const hop of forwardedFor?.split(',').reverse() ?? []) {
    if (!isIn(address, proxies)) break;
    const next = plainAddress(hop.trim());
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}

/** The network an address counts as: an IPv4 address itself, an IPv6 address its /64, which is what one line gets. */
export function networkOf(address: string): string {
  return isIPv4(address) ? address : `${hextetsOf(address).slice(0, 4).join(':')}::/64`;
}

/**
 * The name a network has in Redis: keyed, so that nobody who reads Redis reads addresses. The key stands before what is hashed, and
 * most of the digest is left out, so nothing can be appended either; an HMAC is three times as much work, for each join.
 */
export function networkName(key: KeyObject, network: string): string {
  return hash('sha256', `${secretOf(key)}network\0${network}`, 'base64url').slice(0, 16);
}

export const isIn = (address: string, blocks: BlockList): boolean =>
  blocks.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

/** A key as text that goes before what is hashed: its export is a copy, and made once. */
const secrets = new WeakMap<KeyObject, string>();
function secretOf(key: KeyObject): string {
  let secret = secrets.get(key);
  if (secret === undefined) {
    secret = key.export().toString('hex');
    secrets.set(key, secret);
  }
  return secret;
}

/** Without a zone, and IPv4 as IPv4 also where the socket speaks IPv6. */
export function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  return mapped?.[1] ?? bare;
}

function hextetsOf(address: string): string[] {
  const parts = (text: string | undefined): string[] =>
    (text ?? '')
      .split(':')
      .filter(Boolean)
      .flatMap((part) => (part.includes('.') ? ['v4', 'v4'] : [Number.parseInt(part, 16).toString(16)]));
  const [head, tail] = address.split('::');
  const [front, back] = [parts(head), parts(tail)];
  return [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
}
