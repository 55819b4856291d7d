import { createHmac, type KeyObject } from 'node:crypto';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** The proxies whose X-Forwarded-For is believed. @param blocks addresses or CIDR blocks; @throws Error naming a bad one */
export function proxiesOf(blocks: readonly string[]): BlockList {
  const proxies = new BlockList();
  for (const block of blocks) {
    const [address = '', bits] = block.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) throw new Error(`TRUSTED_PROXIES: ${block} is not an address or CIDR block`);
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  return proxies;
}

/**
 * The address a request comes from: walking from the peer leftwards through X-Forwarded-For, the first that is no
 * trusted proxy. What stands further left was written by somebody we do not know.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, proxies: BlockList): string {
  let address = plain(peer);
  for (const hop of forwardedFor?.split(',').reverse() ?? []) {
    if (!isTrusted(address, proxies)) break;
    const next = plain(hop.trim());
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}

/** The network an address counts as: an IPv4 address itself, an IPv6 address its /64, which is what one line gets. */
export function networkOf(address: string): string {
  return isIPv4(address) ? address : `${hextetsOf(address).slice(0, 4).join(':')}::/64`;
}

/** The name a network has in Redis: keyed, so that nobody who reads Redis reads addresses. */
export function networkName(key: KeyObject, network: string): string {
  return createHmac('sha256', key)
    .update(`network\0${network}`)
    .digest()
    .subarray(0, 12)
    .toString('base64url');
}

const isTrusted = (address: string, proxies: BlockList): boolean =>
  proxies.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

/** Without a zone, and IPv4 as IPv4 also where the socket speaks IPv6. */
function plain(address: string): string {
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
