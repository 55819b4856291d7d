import { isIP } from 'node:net';
import { Refusal } from '@onsale/shared/errors';
import { LOAD_TEST_ADDRESS_HEADER, LOAD_TEST_HEADER } from '@onsale/shared/http/load-tests';
import { limits } from '@onsale/shared/limits';
import { verifyToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import { blocksOf, isIn, plainAddress } from './network.ts';

/**
 * Which address a request of a load test is counted by, by its headers; undefined for any other request.
 * @throws Refusal loadTestRefused: a load test that is not counted as it says would measure something else
 */
export type LoadTestAddress = (header: (name: string) => string | undefined) => string | undefined;

/** @param onUse is told of every request of a load test, for the metrics */
export function loadTestAddress({
  ring,
  clock,
  onUse,
}: {
  ring: Keyring;
  clock: () => number;
  onUse: (outcome: 'counted' | 'refused') => void;
}): LoadTestAddress {
  const refuse = (detail: string, cause?: unknown): never => {
    onUse('refused');
    throw new Refusal('loadTestRefused', { detail }, { cause });
  };
  const blocksIn = (token: string): readonly string[] => {
    try {
      return verifyToken(ring, 'loadTest', token, clock() - limits.clockSkewMs).addresses;
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      return refuse(fault.message, fault);
    }
  };

  return (header) => {
    const token = header(LOAD_TEST_HEADER);
    const given = header(LOAD_TEST_ADDRESS_HEADER);
    if (token === undefined && given === undefined) return undefined;
    if (token === undefined || given === undefined) return refuse('Token and address go together');
    const blocks = blocksIn(token);
    const address = plainAddress(given);
    if (isIP(address) === 0) return refuse('This is no address');
    if (!isIn(address, blocksOf(blocks))) return refuse('The token does not name this address');
    onUse('counted');
    return address;
  };
}

/** Networks of no fan of the internet: private ones (RFC 1918, RFC 4193) and those for benchmarks (RFC 2544, RFC 5180). */
const allowed = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fd00::/8',
  '2001:2::/48',
].map((block) => ({ ...partsOf(block), blocks: blocksOf([block]) }));

/** @param addresses CIDR blocks. @throws Refusal addressNotAllowed naming one that is not wholly inside what is allowed */
export function requireAllowed(addresses: readonly string[]): void {
  for (const block of addresses) {
    const { address, family, bits } = partsOf(block);
    // Of one family: a list of IPv4 blocks matches mapped addresses too, whose bits are others.
    const isInside = allowed.some(
      (one) => one.family === family && bits >= one.bits && isIn(address, one.blocks),
    );
    if (!isInside) throw new Refusal('addressNotAllowed', { detail: `${block} is not inside any of them` });
  }
}

function partsOf(block: string): { address: string; family: number; bits: number } {
  const [address = '', bits] = block.split('/');
  return { address, family: isIP(address), bits: Number(bits) };
}
