import { expect, test } from 'vitest';
import { clientAddress, networkOf, proxiesOf } from '../../src/http/network.ts';

test('[LINE-11] the address is the first, from the right, that no trusted proxy wrote', () => {
  const proxies = proxiesOf(['10.0.0.0/8', '::1', '2001:db8:1::/48']);
  const cases: Array<[peer: string, forwarded: string | undefined, client: string]> = [
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.7', '198.51.100.1'],
    ['10.0.0.1', '10.0.0.9, 10.0.0.8', '10.0.0.9'],
    ['10.0.0.1', '198.51.100.1, nonsense', '10.0.0.1'],
    ['::1', '2001:db8:2::5', '2001:db8:2::5'],
    ['2001:db8:1::7', '::ffff:198.51.100.1', '198.51.100.1'],
  ];
  for (const [peer, forwarded, client] of cases) {
    expect(clientAddress(peer, forwarded, proxies), `${peer} ${forwarded}`).toBe(client);
  }
  expect(() => proxiesOf(['example.org'])).toThrow(/TRUSTED_PROXIES/);
});

test('[LINE-11] an IPv6 network is its /64, however the address is written', () => {
  const same = ['2001:db8::1', '2001:0db8:0:0::ffff', '2001:DB8:0:0:1:2:3:4', '2001:db8::1:0:0:9'];
  expect(new Set(same.map(networkOf))).toEqual(new Set(['2001:db8:0:0::/64']));
  expect(networkOf('2001:db8:0:1::1')).toBe('2001:db8:0:1::/64');
  expect(networkOf('64:ff9b::192.0.2.1')).toBe('64:ff9b:0:0::/64');
  expect(networkOf('1::2:3:4:5:6:7')).toBe('1:0:2:3::/64');
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
});
