/** Calls that reach something, where they are hard to find. */
import { coverageOf } from '../../../../src/lib/proof/suite/coverage.js';
import { Calls } from '../../../../src/lib/proof/suite/search/calls.js';
import { refusedAddress } from '../../../../src/lib/proof/addresses.js';
import type { AccessControlList } from '../../../../src/lib/kinds/acl.js';
import { admits } from '../../../../src/lib/routing/acl.js';
import { snapshotOf, type World } from '../../../support/catalog.js';
import { NUMBER, patch, seed } from '../../routing/seed.js';
import { cases, fc } from '../../../support/property.js';

/** What is said of an item: its state, and the call that reaches it or why none does. */
function said(world: World, id: string): string {
  const { state, why, witness } = coverageOf(new Calls(snapshotOf(world)), new Set()).find(
    ({ item }) => item.id === id,
  )!;
  return witness ? `${state}: ${JSON.stringify(witness.call)}` : `${state}: ${why}`;
}

const RULE = 'domains/domain-01 egressPolicies[0]';
const withRules = (...rules: string[]): World =>
  patch(seed, {
    Domain: [{ ref: 'domain-01', egressPolicies: rules.map((rule) => ({ rule, numberRef: 'number-01' })) }],
  });
/** 1,000 numbers, +1910000 to +1910999, without those in `but`. */
const managed = (world: World, ...but: number[]): World =>
  patch(world, {
    Number: Array.from({ length: 1000 }, (_, i) => i)
      .filter((i) => !but.includes(i))
      .map((i) => ({ ref: `n-${i}`, telUrl: `tel:+1910${String(i).padStart(3, '0')}` })),
  });

test('the one number that a rule can match and is not ours', () => {
  const world = managed(withRules('^\\+1910\\d{3}$'), 777);
  expect(said(world, RULE)).toBe('uncovered: {"dialled":"+1910777","from":"1001@sip.local"}');
});

test('a rule all of whose numbers are ours', () => {
  expect(said(managed(withRules('^\\+1910\\d{3}$')), RULE)).toBe('unreachable: no call does');
});

test('a rule for the extension of an agent takes calls to other hosts', () => {
  expect(said(withRules('^1002$'), RULE)).toBe(
    'uncovered: {"dialled":"1002@elsewhere.invalid","from":"1001@sip.local"}',
  );
});

test.each<[string, string[], string]>([
  ['covered by one before it', ['^\\+', '^\\+1'], 'unreachable: no call does'],
  ['covered by two together', ['^\\+?[0-4]', '^\\+?[5-9]', '^\\d'], 'unreachable: no call does'],
  [
    'all but covered',
    ['^\\+?[0-4]', '^\\+?[6-9]', '^\\d'],
    'uncovered: {"dialled":"5","from":"1001@sip.local"}',
  ],
])('the last of rules, %s', (_, rules, found) => {
  expect(said(withRules(...rules), `domains/domain-01 egressPolicies[${rules.length - 1}]`)).toBe(found);
});

test('a rule that cannot be analysed is not called unreachable', () => {
  expect(said(withRules('1[01]{16}$'), RULE)).toBe('unknown: its automaton has more than 20,000 states');
});

test('agents of a domain whose first agent is disabled', () => {
  const world = patch(seed, {
    Agent: [
      { ref: 'agent-01', enabled: false },
      { ref: 'agent-02', enabled: false },
      { ref: 'agent-03', username: '2001', domainRef: 'domain-02', credentialsRef: 'credentials-01' },
    ],
    Domain: [{ ref: 'domain-02', domainUri: 'other.local' }],
  });
  expect(said(world, 'reason connect-token-missing')).toBe(
    'uncovered: {"dialled":"asterisk","from":"2001@other.local"}',
  );
});

test('a rule for the user of a value that nobody dials', () => {
  const route = { ref: 'route-09', called: ['backend:pool'], profileRef: 'main' };
  expect(said(patch(withRules('^pool$'), { SipRoute: [route] }), RULE)).toBe(
    'uncovered: {"dialled":"pool","from":"1001@sip.local"}',
  );
});

test('an agent of another domain than the first ones, who alone can call across', () => {
  // Whoever dials this agent finds a number.
  const other = { username: NUMBER, domainRef: 'domain-02', credentialsRef: 'credentials-01' };
  const world = patch(seed, {
    Agent: [{ ref: 'agent-03', ...other }],
    Domain: [{ ref: 'domain-02', domainUri: 'other.local' }],
  });
  expect(said(world, 'reason cross-domain')).toMatch(/^uncovered/);
});

test.each(['a@b', 'tel:+1', 'backend:pool'])(
  'an agent with the user %s, which is read as another',
  (username) => {
    const world = patch(seed, { Agent: [{ ref: 'agent-02', username, enabled: false }] });
    expect(said(world, 'reason callee-disabled')).toMatch(/^uncovered: \{"dialled":"(?:a@b@|sip:)/);
  },
);

test('an address is found if a list refuses any', () => {
  const host = fc.nat(255).map((last) => `10.0.0.${last}`);
  const entry = fc.oneof(
    host,
    fc.tuple(host, fc.integer({ min: 24, max: 32 })).map((parts) => parts.join('/')),
    fc.constant('0.0.0.0/0'),
    fc.constant('::/0'),
  );
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 6 }),
      fc.array(entry, { minLength: 1, maxLength: 6 }),
      (allow, deny) => {
        const acl = { name: 'acl', allow, deny, extended: undefined } as AccessControlList;
        const all = ['192.0.2.1', '2001:db8::1', ...Array.from({ length: 256 }, (_, i) => `10.0.0.${i}`)];
        const found = refusedAddress(acl);
        if (found !== undefined) expect(admits(acl, found).allowed).toBe(false);
        else expect(all.filter((ip) => !admits(acl, ip).allowed)).toEqual([]);
      },
    ),
    cases(300),
  );
});
