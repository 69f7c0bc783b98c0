/** The sets of addresses that a change lets in or shuts out, compared with asking from every address. */
import { atOnce } from '../../../src/lib/config/steps.js';
import type { AccessControlList } from '../../../src/lib/kinds/acl.js';
import { admitsRange, rangesOf, rangeText, type Range } from '../../../src/lib/proof/addresses.js';
import { addressChanges, type ChangedAddresses } from '../../../src/lib/proof/impact/addresses.js';
import { differenceOf } from '../../../src/lib/proof/impact/compare.js';
import { transition } from '../../../src/lib/proof/impact/rebase.js';
import { admits, parseNetwork } from '../../../src/lib/routing/acl.js';
import type { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { type Entry, snapshotOf, type World } from '../../support/catalog.js';
import { patch, seed } from '../routing/seed.js';
import { cases, counted, fc } from '../../support/property.js';

/** Networks of at most three bits below a byte, and an address of each of their eight parts. */
const PARTS = [0, 1, 2, 3, 4, 5, 6, 7];
const ADDRESSES = [
  ...PARTS.map((part) => `10.0.0.${part * 32 + 1}`),
  ...PARTS.map((part) => `2001:db8:${(part * 0x2000 + 1).toString(16)}::1`),
  '192.0.2.1',
  '::ffff:10.0.0.33',
];
const network = fc.oneof(
  fc
    .tuple(fc.constantFrom(...PARTS), fc.integer({ min: 24, max: 27 }))
    .map(([p, n]) => `10.0.0.${p * 32}/${n}`),
  fc
    .tuple(fc.constantFrom(...PARTS), fc.integer({ min: 32, max: 35 }))
    .map(([part, bits]) => `2001:db8:${(part * 0x2000).toString(16)}::/${bits}`),
  fc.constantFrom('0.0.0.0/0', '::/0', '10.0.0.33', '::ffff:10.0.0.64/123'),
);
const networks = fc.uniqueArray(network, { maxLength: 4 });
const entries = fc
  .tuple(networks, networks)
  .filter(([allow, deny]) => allow.length + deny.length > 0)
  .map(([allow, deny]) => ({ allow, deny }));
const list = (lists: { allow: string[]; deny: string[] }): AccessControlList => ({
  name: 'acl',
  extended: undefined,
  ...lists,
});

const valueOf = (ip: string): Pick<Range, 'family' | 'first'> => {
  const { family, bytes } = parseNetwork(ip)!;
  return { family, first: bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) };
};

const VALUES = new Map(ADDRESSES.map((ip) => [ip, valueOf(ip)]));

const has = (ranges: readonly Range[], ip: string): boolean => {
  const { family, first } = VALUES.get(ip)!;
  return ranges.some((range) => range.family === family && range.first <= first && first <= range.last);
};

test('a range is one of which each list says one thing, and together they are all addresses', () => {
  fc.assert(
    fc.property(entries, entries, (left, right) => {
      const lists = [list(left), list(right)];
      const ranges = [...rangesOf(4, lists), ...rangesOf(6, lists)];
      // One look at all of them: each call of expect takes as long as a case.
      const wrong = ADDRESSES.filter((ip) => {
        const [range, ...others] = ranges.filter((one) => has([one], ip));
        return (
          !range ||
          others.length > 0 ||
          lists.some((one) => admitsRange(one, range) !== admits(one, ip).allowed)
        );
      });
      expect(wrong).toEqual([]);
    }),
    cases(2_000),
  );
});

test.each([
  ['10.0.0.0/8', 4, 0x0a000000n, 0x0affffffn],
  ['10.0.0.1', 4, 0x0a000001n, 0x0a000001n],
  ['10.0.0.1-10.0.0.2', 4, 0x0a000001n, 0x0a000002n],
  ['0.0.0.0/0', 4, 0n, 0xffffffffn],
  ['2001:db8::/32', 6, 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
] as const)('%s', (text, family, first, last) => expect(rangeText({ family, first, last })).toBe(text));

/** What an ACL can guard, and how it is asked: who calls, what is dialled. */
const GUARDED = [
  ['Domain', 'domain-01'],
  ['Peer', 'peer-01'],
  ['Trunk', 'trunk-01'],
  ['SipRoute', 'route-01'],
] as const;

const changes = (before: Snapshot, after: Snapshot): ChangedAddresses[] =>
  atOnce(addressChanges(transition(before, after.catalog)));

/** The seed with a list, or none, at one of the things that it can guard. */
function worldOf([kind, ref]: (typeof GUARDED)[number], lists: object | undefined): World {
  return patch(seed, {
    ...(lists && { AccessControlList: [{ ref: 'guard', ...lists } as Entry] }),
    [kind]: [{ ref, accessControlListRef: lists && 'guard' }],
  });
}

test('what is let in and shut out is so for each address, and an example shows it', () => {
  const { count, expectEach } = counted();
  const maybe = fc.option(entries, { nil: undefined, freq: 3 });
  fc.assert(
    fc.property(fc.constantFrom(...GUARDED), maybe, maybe, (guarded, was, is) => {
      const [before, after] = [snapshotOf(worldOf(guarded, was)), snapshotOf(worldOf(guarded, is))];
      const found = changes(before, after);
      const verdicts = ADDRESSES.map((ip) => {
        const [old, now] = [was, is].map((lists) => !lists || admits(list(lists), ip).allowed);
        return [ip, ...(old === now ? [] : [now])];
      });
      const told = ADDRESSES.map((ip) => [
        ip,
        ...found.filter(({ ranges }) => has(ranges, ip)).map(({ admitted }) => admitted),
      ]);
      expect(told).toEqual(verdicts);
      for (const {
        guarded: { kind, ref },
        admitted,
        example,
      } of found) {
        expect([kind, ref]).toEqual(guarded);
        expect(example).toBeDefined();
        const outcomes = differenceOf(before, after, example!)!;
        expect(outcomes[admitted ? 0 : 1]).toContain('rejected 403 acl-denied');
        count(`${kind} ${admitted ? 'let in' : 'shut out'}`);
      }
      if (found.length === 0) count('nothing');
    }),
    cases(1_000),
  );
  const each = GUARDED.flatMap(([kind]) => [`${kind} let in`, `${kind} shut out`]);
  expectEach([...each, 'nothing'], 50);
});

test('a list that guards what is disabled, or is as it was in other words, changes nothing', () => {
  const [domain] = GUARDED;
  const [before, after] = [
    { allow: ['10.0.0.0/8'], deny: [] },
    { allow: ['10.0.0.0/9', '10.128.0.0/9'], deny: ['192.0.2.1'] },
  ].map((lists) => snapshotOf(worldOf(domain, lists)));
  expect(changes(before!, after!)).toEqual([]);
  const off = [{ allow: ['10.0.0.0/8'], deny: [] }, undefined].map((lists) =>
    snapshotOf(patch(worldOf(GUARDED[3], lists), { SipRoute: [{ ref: 'route-01', enabled: false }] })),
  );
  expect(changes(off[0]!, off[1]!)).toEqual([]);
});
