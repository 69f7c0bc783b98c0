/** What lint says of numbers in writing equals brute force: every short one, searched by re2js as it is written. */
import { RE2JS } from 're2js';
import type { Domain } from '../../../src/lib/kinds/domain.js';
import type { Found } from '../../../src/lib/proof/lint/finding.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { separators } from '../../../src/lib/proof/lint/checks/egress-separators.js';
import { isTelephone, normalizeUser } from '../../../src/lib/routing/normalize.js';
import { replaced, snapshotOf } from '../../support/catalog.js';
import { seed } from '../routing/seed.js';
import { cases, counted, fc } from '../../support/property.js';

const ATOMS = [
  '0',
  '1',
  '1',
  '-',
  '-',
  ' ',
  '\\.',
  '\\(',
  '\\)',
  '-?',
  '[-. ]',
  '(0-)?',
  '(1|1 )',
  '(?:-1|a)',
];
const WIDE = ['\\+', '\\+?', '.', '[^0]', '\\d+', '\\D', '\\W', '\\s', '\\w', '[a-z0-9]+', '.*', '\\b'];
const rules = fc
  .tuple(
    fc.constantFrom('^', '^', '^', ''),
    fc.array(fc.constantFrom(...ATOMS, ...ATOMS, ...WIDE), { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '', '$'),
  )
  .map(([start, atoms, end]) => start + atoms.join('') + end);

const textsOver = (characters: string, length: number): string[] =>
  length === 0
    ? ['']
    : textsOver(characters, length - 1).flatMap((text) => [...characters].map((one) => text + one));

const isWritten = (text: string): boolean =>
  /^[+\d(]/.test(text) &&
  /[\d)]$/.test(text) &&
  normalizeUser(text) !== text &&
  isTelephone(normalizeUser(text));

/** Every number in writing of up to four characters, of these. */
const WRITTEN = [2, 3, 4].flatMap((length) => textsOver('01+-.( )', length)).filter(isWritten);

/** Whether the rule is for this number, but not as it is asked: it minds that there are separators, and digits. */
function isMeant(rule: RE2JS, written: string): boolean {
  const matches = (text: string) => rule.test(text);
  return (
    matches(written) &&
    !matches(normalizeUser(written)) &&
    !matches(written.replace(/[-.() ]/g, '~')) &&
    !matches(written.replace(/\d/g, 'a'))
  );
}

const base = snapshotOf(seed);
const domain = base.resource<Domain>('Domain', 'domain-01')!.doc;

function found(rule: string): { facts: Facts; finding: Found | undefined } {
  const egressPolicies = [{ rule, numberRef: 'number-01' }];
  const facts = new Facts(replaced(base, 'Domain', { ...domain, ref: 'domain-01', egressPolicies }));
  const [finding] = separators.run(facts);
  return { facts, finding };
}

const USERS = [1, 2, 3, 4]
  .flatMap((length) => textsOver('01+-a', length))
  .filter((user) => normalizeUser(user) === user);

/** Whether anybody can be asked about whom it matches, and whether any of them is a telephone number. */
function matchesOf(rule: RE2JS): { some: boolean; numbers: boolean } {
  const matched = USERS.filter((user) => rule.test(user));
  return { some: matched.length > 0, numbers: matched.some(isTelephone) };
}

test('numbers in writing that a rule is for, and is never asked about', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(rules, (rule) => {
      const { facts, finding } = found(rule);
      const pattern = RE2JS.compile(rule);
      const shortest = WRITTEN.find((text) => isMeant(pattern, text));
      const { some, numbers } = matchesOf(pattern);
      if (!finding) {
        if (shortest !== undefined && some) expect([rule, shortest]).toEqual([rule, undefined]);
        count(shortest === undefined ? 'none' : 'nobody at all');
        return;
      }
      const dialled = String(finding.witness!['dialled']);
      const asked = facts.decide(finding.witness!)!.call.requestUri.user;
      expect([rule, dialled, isMeant(pattern, dialled), asked]).toEqual([
        rule,
        dialled,
        true,
        normalizeUser(dialled),
      ]);
      if (shortest !== undefined) expect([rule, dialled.length]).toEqual([rule, shortest.length]);
      const saysNone = finding.message.includes(' matches no telephone number: ');
      if (numbers) expect([rule, saysNone]).toEqual([rule, false]);
      count(saysNone ? 'no number' : 'some numbers');
    }),
    cases(8_000),
  );
  expectEach(['none', 'nobody at all', 'no number', 'some numbers'], 30);
});

test.each(['.{3}', '^[^0]', '^[^\\d+]', '\\b1\\b', '^\\w+-\\w+$', '-', '^1[-. ]?0', '^\\+?1?[-. ]?\\(?9'])(
  '%s is for no separators of numbers, or does without them',
  (rule) => {
    expect(found(rule).finding).toBeUndefined();
  },
);

test('an example is a number about which rules are asked, where there is one', () => {
  expect(found('^\\+1-9103434434').finding!.witness).toEqual({
    dialled: '+1-91034344340',
    from: '1001@sip.local',
  });
  expect(found('^\\+1-9103434434$|^\\+1-2$').finding).toBeUndefined();
});
