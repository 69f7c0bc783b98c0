/** What lint says of egress rules equals brute force: every user up to a length, decided by decide(). */
import fc from 'fast-check';
import type { Domain } from '../../../src/lib/kinds/domain.js';
import type { Resource } from '../../../src/lib/kinds/kind.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { lint } from '../../../src/lib/proof/lint/index.js';
import type { Finding } from '../../../src/lib/proof/lint/finding.js';
import { isAnalysable } from '../../../src/lib/proof/language/language.js';
import { RE2JS } from 're2js';
import { matchingRules } from '../../../src/lib/routing/egress.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { patch, seed } from '../routing/seed.js';

const LENGTH = 4;
const DIGITS = '01+a';

const users: string[] = [''];
for (const user of users) if (user.length < LENGTH) users.push(...[...DIGITS].map((digit) => user + digit));
users.shift();

interface Ruled {
  readonly rule: string;
  readonly number: 'number-01' | 'number-02';
}

const atom = fc.constantFrom('0', '1', '\\+', '[01]', '.', '(0|1a?)', '1?', '0*', '\\d', '\\+?', '-');
const rule = fc
  .tuple(
    fc.constantFrom('^', '^', ''),
    fc.array(atom, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('$', '$', ''),
  )
  .map(([start, atoms, end]) => start + atoms.join('') + end);
const ruled: fc.Arbitrary<Ruled> = fc.record({ rule, number: fc.constantFrom('number-01', 'number-02') });

/** A domain whose agent dials, with things of ours that have some of the users. */
function worldOf(rules: readonly Ruled[], owned: readonly string[]): World {
  return patch(seed, {
    Number: [
      { ref: 'number-02', telUrl: 'tel:+0', trunkRef: 'trunk-01' },
      ...owned
        .filter((user) => /^\+?\d+$/.test(user) && user !== '+0')
        .map((user, i) => ({ ref: `owned-${i}`, telUrl: `tel:${user}` })),
    ],
    Agent: [{ ref: 'agent-03', username: '11', domainRef: 'domain-01', credentialsRef: 'credentials-01' }],
    Peer: [{ ref: 'peer-02', username: '1a', aor: 'sip:0a@sip.local', credentialsRef: 'credentials-01' }],
    SipRoute: [{ ref: 'route-04', called: ['00', 'sip:01@sip.local'], profileRef: 'main' }],
    Domain: [
      {
        ref: 'domain-01',
        egressPolicies: rules.map(({ rule, number }) => ({ rule, numberRef: number })),
      },
    ],
  });
}

const reached = new Map<readonly string[], readonly string[]>();

/** The users about whom egress rules are asked, by decide(): a rule that matches all of them gets them. */
function reaching(owned: readonly string[]): readonly string[] {
  let found = reached.get(owned);
  if (!found) {
    const facts = new Facts(snapshotOf(worldOf([{ rule: '.', number: 'number-01' }], owned)));
    const isAsked = (user: string) =>
      facts.decide({ dialled: user, from: '1001@sip.local' })?.route?.egressPolicy?.index === 0;
    reached.set(owned, (found = users.filter(isAsked)));
  }
  return found;
}

/** user → the rule that decides, for the users about whom rules are asked. */
function decided(domain: Domain, owned: readonly string[]): Map<string, number> {
  return new Map(
    reaching(owned).flatMap((user) => {
      const [first] = matchingRules(domain, user);
      return first === undefined ? [] : [[user, first] as const];
    }),
  );
}

const compiled = new Map<string, RE2JS>();
function finds(rule: string, user: string): boolean {
  let pattern = compiled.get(rule);
  if (!pattern) compiled.set(rule, (pattern = RE2JS.compile(rule)));
  return pattern.test(user);
}

const indexes = (findings: readonly Finding[], code: string): number[] =>
  findings
    .filter((finding) => finding.code === code)
    .map(({ object }) => Number(/\d+/.exec(object.path!)![0]));

const OWNED = [[], ['0', '1', '10', '+1'], ['+11', '100', '01', '+10'], ['1']];

describe('generated rules', () => {
  const small = fc.array(ruled, { minLength: 1, maxLength: 4 });
  const owned = fc.constantFrom(...OWNED);

  test('which never decide, which overlap, which match inside', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(small, owned, (rules, ours) => {
        const snapshot = snapshotOf(worldOf(rules, ours));
        const facts = new Facts(snapshot);
        const findings = [...lint(snapshot)].filter(({ code }) => code.startsWith('egress-'));
        for (const { code } of findings) seen.set(code, (seen.get(code) ?? 0) + 1);
        judge(facts, rules, ours, findings);
      }),
      { numRuns: 300 },
    );
    for (const code of [
      'egress-empty',
      'egress-never-fires',
      'egress-unanchored',
      'egress-overlap',
      'egress-near-miss',
    ])
      expect([code, (seen.get(code) ?? 0) > 0]).toEqual([code, true]);
  });
});

function judge(
  facts: Facts,
  rules: readonly Ruled[],
  owned: readonly string[],
  findings: readonly Finding[],
): void {
  const domain = facts.snapshot.resource<Domain>('Domain', 'domain-01') as Resource<Domain>;
  const first = decided(domain.doc, owned);
  const matches = (i: number, user: string) => finds(rules[i]!.rule, user);
  const matched = rules.map((_, i) => users.filter((user) => matches(i, user)));
  const fires = (i: number) => [...first.values()].includes(i);

  // No false positive: what never decides decides no short user either; no miss: what is not reported decides some.
  const silent = [...indexes(findings, 'egress-never-fires'), ...indexes(findings, 'egress-empty')];
  for (const i of silent) expect([rules, i, fires(i)]).toEqual([rules, i, false]);
  for (const [i, planned] of facts.plan(domain).rules.entries()) {
    if (silent.includes(i)) continue;
    const user = isAnalysable(planned.first) ? facts.egressUser(domain, planned.first)! : '';
    const decision = facts.decide({ dialled: user, from: '1001@sip.local' });
    expect([rules, user, decision?.route?.egressPolicy?.index]).toEqual([rules, user, i]);
  }
  for (const i of indexes(findings, 'egress-empty'))
    expect(matched[i]!.filter((user) => /^[01a+]+$/.test(user))).toEqual([]);

  // Every pair that competes for a short user is reported, and nothing is reported without a call that shows it.
  const competing = rules.flatMap(({ number }, j) =>
    fires(j) &&
    rules.some(
      (earlier, i) =>
        i < j &&
        earlier.number !== number &&
        [...first].some(([user, by]) => by === i && matches(j, user)) &&
        matched[i]!.some((user) => !matches(j, user)) &&
        matched[j]!.some((user) => !matches(i, user)),
    )
      ? [j]
      : [],
  );
  expect(indexes(findings, 'egress-overlap')).toEqual(expect.arrayContaining(competing));
  const inside = rules.flatMap(({ rule }, i) => {
    const numbers = users.filter((user) => /^\+?\d+$/.test(user));
    const hit = [...first].some(
      ([user, by]) => by === i && /^\+?\d+$/.test(user) && !finds(`^(?:${rule})`, user),
    );
    return hit && numbers.some((user) => !matches(i, user)) ? [i] : [];
  });
  expect(indexes(findings, 'egress-unanchored')).toEqual(expect.arrayContaining(inside));
  for (const finding of findings) shown(facts, rules, finding, matches);
}

/** The call of a finding shows what the finding says. */
function shown(
  facts: Facts,
  rules: readonly Ruled[],
  { code, object, witness, related }: Finding,
  matches: (i: number, user: string) => boolean,
): void {
  if (!witness) return;
  const own = Number(/\d+/.exec(object.path!)![0]);
  const others = related.map(({ path }) => Number(/\d+/.exec(path!)![0]));
  const decision = facts.decide(witness)!;
  const user = decision.call.requestUri.user;
  const index = decision.route?.egressPolicy?.index;
  if (code === 'egress-never-fires') expect([matches(own, user), index === own]).toEqual([true, false]);
  if (code === 'egress-unanchored') {
    expect([index, finds(`^(?:${rules[own]!.rule})`, user)]).toEqual([own, false]);
  }
  if (code === 'egress-overlap') expect([index, matches(own, user)]).toEqual([others[0], true]);
  if (code === 'egress-near-miss') {
    expect(index).toBe(own);
    expect(others.every((i) => !matches(i, user))).toBe(others.length === 1 || !matches(others[0]!, user));
    const variants = [user.replace(/^00/, '+'), `+${user}`, user.replace(/^\+/, '00')];
    expect(variants.some((variant) => variant !== user && matches(others[0]!, variant))).toBe(true);
  }
}
