/** Access control lists (docs/semantics.md 5). */
import ipaddr from 'ipaddr.js';
import type { AccessControlList } from '../../../src/lib/kinds/acl.js';
import { admits } from '../../../src/lib/routing/acl.js';
import { ask, patch, seed } from './seed.js';
import { cases, fc } from '../../support/property.js';

const list = (allow: string[], deny: string[]): AccessControlList => ({
  name: 'list',
  allow,
  deny,
  extended: undefined,
});

describe('the longest matching prefix decides', () => {
  test.each([
    [['10.0.0.0/8'], [], '10.1.2.3', true, '10.0.0.0/8'],
    [['10.0.0.0/8'], [], '11.1.2.3', false, undefined],
    [[], ['10.0.0.0/8'], '11.1.2.3', true, undefined],
    [[], ['10.0.0.0/8'], '10.1.2.3', false, '10.0.0.0/8'],
    [['10.0.0.0/8'], ['10.1.0.0/16'], '10.1.2.3', false, '10.1.0.0/16'],
    [['10.1.2.0/24'], ['10.1.0.0/16'], '10.1.2.3', true, '10.1.2.0/24'],
    [['10.1.2.3'], ['10.1.2.0/24'], '10.1.2.3', true, '10.1.2.3'],
    [['10.1.2.0/24'], ['10.1.2.3'], '10.1.2.3', false, '10.1.2.3'],
    [['10.0.0.0/8'], ['10.0.0.0/8'], '10.1.2.3', true, '10.0.0.0/8'],
    [['10.9.9.9/8'], ['10.0.0.0/8'], '10.1.2.3', true, '10.9.9.9/8'],
    [['10.1.2.3'], ['0.0.0.0/0'], '10.1.2.4', false, '0.0.0.0/0'],
    [['0.0.0.0/0'], [], '::ffff:10.1.2.3', true, '0.0.0.0/0'],
    [['::ffff:10.0.0.0/104'], [], '10.1.2.3', true, '::ffff:10.0.0.0/104'],
    [['::ffff:10.1.2.3'], [], '10.1.2.3', true, '::ffff:10.1.2.3'],
    [['::/0'], [], '::ffff:10.1.2.3', false, undefined],
    [['2001:db8::/32'], [], '2001:DB8:1::5', true, '2001:db8::/32'],
    [['2001:db8::/32'], ['2001:db8:1::/48'], '2001:db8:1::5', false, '2001:db8:1::/48'],
    [['2001:db8::5'], ['::/0'], '2001:0db8:0::5', true, '2001:db8::5'],
    [['10.0.0.0/31'], [], '10.0.0.2', false, undefined],
    [['192.0.2.128/25'], [], '192.0.2.127', false, undefined],
    [['0.0.0.0/1'], ['128.0.0.0/1'], '127.255.255.255', true, '0.0.0.0/1'],
    [['0.0.0.0/1'], ['128.0.0.0/1'], '128.0.0.0', false, '128.0.0.0/1'],
    [['10.0.0.0/8'], [], 'not an address', false, undefined],
  ] as const)('allow %j, deny %j: %s', (allow, deny, ip, allowed, entry) => {
    expect(admits(list([...allow], [...deny]), ip)).toMatchObject({ allowed, entry });
  });
});

describe('one address family only', () => {
  test.each([
    [['10.0.0.0/8'], [], '2001:db8::1', false, ['acl-family']],
    [[], ['10.0.0.0/8'], '2001:db8::1', true, ['acl-family']],
    [['2001:db8::/32'], [], '10.0.0.1', false, ['acl-family']],
    [['10.0.0.0/8', '2001:db8::/32'], [], '2001:db9::1', false, []],
    [['10.0.0.0/8'], [], '11.0.0.1', false, []],
    [['10.0.0.0/8'], [], '::ffff:11.0.0.1', false, []],
  ])('allow %j, deny %j: %s', (allow, deny, sourceIp, allowed, codes) => {
    const world = patch(seed, { AccessControlList: [{ ref: 'acl-01', allow, deny }] });
    const decision = ask(world, { from: '1001', dialled: '1002', sourceIp });
    expect(decision.verdict).toBe(allowed ? 'route' : 'reject');
    expect(decision.warnings.map(({ code }) => code)).toEqual(codes);
  });
});

describe('against every entry in turn', () => {
  // Few distinct bits, so that networks nest, meet and tie often.
  const byte = fc.constantFrom(0, 10, 127, 128, 192, 255);
  const v4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
  const word = fc.constantFrom('0', '1', '8000', 'ffff', '2001');
  const v6 = fc.array(word, { minLength: 8, maxLength: 8 }).map((words) => words.join(':'));
  const mapped = v4.map((address) => `::ffff:${address}`);
  const bits = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined });
  const network = (address: fc.Arbitrary<string>, max: number) =>
    fc.tuple(address, bits(max)).map(([ip, length]) => (length === undefined ? ip : `${ip}/${length}`));
  const entries = fc.array(fc.oneof(network(v4, 32), network(v6, 128), network(mapped, 128)), {
    maxLength: 6,
  });

  /** Bits of an address or network; IPv4-mapped ones are IPv4. */
  function bitsOf(text: string): { family: number; bits: string } {
    const [ip, length] = text.split('/');
    const parsed = ipaddr.parse(ip!);
    const all = parsed.toByteArray().map((b) => b.toString(2).padStart(8, '0'));
    const prefix = all.join('').slice(0, length === undefined ? undefined : Number(length));
    const isMapped =
      parsed.kind() === 'ipv6' && (parsed as ipaddr.IPv6).isIPv4MappedAddress() && prefix.length >= 96;
    return isMapped
      ? { family: 4, bits: prefix.slice(96) }
      : { family: parsed.kind() === 'ipv4' ? 4 : 6, bits: prefix };
  }

  function expected(allow: string[], deny: string[], ip: string): boolean {
    const source = bitsOf(ip);
    const longest = (texts: string[]) =>
      Math.max(
        -1,
        ...texts
          .map(bitsOf)
          .filter(({ family, bits }) => family === source.family && source.bits.startsWith(bits))
          .map((found) => found.bits.length),
      );
    const [allowed, denied] = [longest(allow), longest(deny)];
    return allowed === -1 && denied === -1 ? allow.length === 0 : allowed >= denied;
  }

  test('the verdict is the same', () => {
    fc.assert(
      fc.property(entries, entries, fc.oneof(v4, v6, mapped), (allow, deny, ip) => {
        expect(admits(list(allow, deny), ip).allowed).toBe(expected(allow, deny, ip));
      }),
      cases(600),
    );
  });
});
