/** Invariants over all calls: what is proved holds for every dialled string, and what is refuted has one that breaks it. */
import { isDeepStrictEqual } from 'node:util';
import { RE2JS } from 're2js';
import { type Language, languageOf } from '../../../src/lib/proof/language/language.js';
import type { Callers, Dialled, Invariant } from '../../../src/lib/proof/assert/invariant.js';
import { Prover } from '../../../src/lib/proof/assert/prove.js';
import { expectationOf, mismatch, type Expectation } from '../../../src/lib/proof/suite/expectation.js';
import { decideCall } from '../../../src/lib/proof/suite/search/witness.js';
import { namesIn } from '../../../src/lib/proof/why/question.js';
import { sipUri } from '../../../src/lib/routing/normalize.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { ArbitraryWorld, callWithin, writtenAs } from '../routing/arbitrary.js';
import { NUMBER, patch, seed } from '../routing/seed.js';
import { HOSTS, parts, smallSnapshot, USERS } from './small-world.js';
import { cases, counted, fc } from '../../support/property.js';

type Outcome = Readonly<Record<string, string>>;

const expecting = (outcome: Outcome): Expectation[] =>
  Object.entries(outcome).map(([name, value]) => expectationOf(name, value) as Expectation);

const pattern = (text: string): Dialled => {
  const compiled = RE2JS.compile(text);
  return { pattern: text, language: languageOf(text), matches: (user) => compiled.test(user) };
};

const invariant = (
  callers: readonly Callers[],
  dialled: readonly Dialled[],
  wanted: 'must' | 'mustNot',
  ...outcomes: readonly Outcome[]
): Invariant => ({
  name: 'test',
  place: 'test',
  callers,
  dialled,
  hosts: 'assumed',
  circumstances: {},
  wanted,
  outcomes: outcomes.map(expecting),
});

/** Status, calls decided, and the call that breaks it. */
function verdict(world: World, of: Invariant) {
  const { status, calls, counterexample, notes } = new Prover(snapshotOf(world)).verdict(of);
  return { status, calls, call: counterexample?.call, notes };
}

const agents: Callers = { of: 'agents' };
const outside: Callers = { of: 'outside' };

describe('on the documented configuration', () => {
  test('a value that all agents dial: callers that are alike are asked once', () => {
    const must = invariant([agents], [{ value: '911' }, { value: '112' }], 'must', { trunk: 'trunk-01' });
    expect(verdict(seed, must)).toEqual({ status: 'proved', calls: 2, call: undefined, notes: [] });
    const world = patch(seed, { Agent: [{ ref: 'agent-02', credentialsRef: null }] });
    expect(verdict(world, must)).toMatchObject({
      status: 'refuted',
      call: { dialled: '911', from: '1002@sip.local' },
    });
  });

  test('a pattern: every part that the configuration tells apart', () => {
    const mustNot = invariant([agents], [pattern('^\\+1900')], 'mustNot', { verdict: 'route' });
    expect(verdict(seed, mustNot)).toMatchObject({ status: 'refuted', call: { dialled: '+1900' } });
    const closed = patch(seed, {
      Domain: [
        { ref: 'domain-01', egressPolicies: [{ rule: '^(\\+1[0-8]|\\+[2-9])', numberRef: 'number-01' }] },
      ],
    });
    expect(verdict(closed, mustNot)).toMatchObject({ status: 'proved' });
    const owned = patch(closed, {
      Number: [
        { ref: 'number-02', telUrl: 'tel:+19005550100', aorLink: 'sip:1001@sip.local', trunkRef: 'trunk-01' },
      ],
    });
    expect(verdict(owned, mustNot)).toMatchObject({ status: 'refuted', call: { dialled: '+19005550100' } });
  });

  test('numbers, with more than one good end', () => {
    const must = invariant(
      [outside],
      [{ numbers: true }],
      'must',
      { verdict: 'profile' },
      { 'route.targets[0].via.kind': 'Agent' },
    );
    expect(verdict(seed, must)).toMatchObject({ status: 'refuted', call: { dialled: NUMBER } });
    const linked = patch(seed, { Number: [{ ref: 'number-01', aorLink: 'sip:1001@sip.local' }] });
    expect(verdict(linked, must)).toEqual({ status: 'proved', calls: 1, call: undefined, notes: [] });
  });

  test('a user with an @ in it is none at a host, and called so where a route says it', () => {
    const must = invariant([agents], [pattern('@')], 'must', { verdict: 'route' });
    const calling = (called: string) =>
      verdict(patch(seed, { SipRoute: [{ ref: 'at', called: [called], profileRef: 'main' }] }), must);
    expect(calling('a@b')).toMatchObject({ status: 'proved' });
    expect(calling('sip:a%40b')).toMatchObject({
      status: 'refuted',
      call: { dialled: 'sip:a%40b@sip.local' },
    });
  });

  test('a rule that cannot be analysed is not passed over', () => {
    const rule = '(a|b){0,20}c(a|b|c){18}d';
    const world = patch(seed, {
      Domain: [{ ref: 'domain-01', egressPolicies: [{ rule, numberRef: 'number-01' }] }],
    });
    const found = verdict(world, invariant([agents], [pattern('^\\+1900')], 'mustNot', { verdict: 'route' }));
    expect(found.status).toBe('tried');
    expect(found.notes[0]).toContain(rule);
  });

  test('parts that differ from user to user are not said to be proved', () => {
    const must = invariant([agents], [pattern('^\\+2')], 'must', { target: '/sip.carrier.example/' });
    expect(verdict(seed, must)).toMatchObject({ status: 'tried' });
  });

  test('what is about nobody is proved, and said to be', () => {
    const must = invariant([{ of: 'agents', domainRef: 'nowhere' }], [{ value: '911' }], 'must', {
      verdict: 'route',
    });
    expect(verdict(seed, must)).toMatchObject({
      status: 'proved',
      calls: 0,
      notes: ['nobody is such a caller'],
    });
  });
});

const outcome = fc.constantFrom<Outcome>(
  { verdict: 'route' },
  { verdict: 'profile' },
  { profile: 'main' },
  { trunk: 'trunk-1' },
  { reason: 'no-egress-match' },
  { routingType: 'agent-to-pstn' },
  { verdict: 'reject' },
  { 'route.targets[0].via.kind': 'Agent' },
);

/** Every user that is dialled there is, and those of them that a pattern matches. */
const BOUND = languageOf(`^(?:${USERS.map((user) => user.replaceAll('+', '\\+')).join('|')})$`) as Language;
const bounded = new Map<string, Dialled>();

function among(text: string): Dialled {
  let dialled = bounded.get(text);
  if (!dialled) {
    const { language, matches } = pattern(text) as Extract<Dialled, { pattern: string }>;
    const both = BOUND.intersect(language as Language);
    const all = new Set(USERS.filter((user) => matches(user)));
    bounded.set(text, (dialled = { pattern: text, language: both, matches: (user) => all.has(user) }));
  }
  return dialled;
}

const dialled = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('1', '^\\+', '2$', '^a', '^[12]+$', '.*', '^\\+?1.$', '^(?:22|aa)$')
      .map(among),
  },
  { weight: 1, arbitrary: fc.constantFrom(...USERS).map((value): Dialled => ({ value })) },
  { weight: 1, arbitrary: fc.constant<Dialled>({ numbers: true }) },
);

const callers = fc.constantFrom<Callers>(
  agents,
  { of: 'agents', domainRef: 'domain-0' },
  { of: 'peers' },
  outside,
);

const invariants = fc
  .record({
    callers: fc.oneof(
      { weight: 4, arbitrary: callers.map((one) => [one]) },
      { weight: 1, arbitrary: fc.constant([agents, outside]) },
    ),
    dialled: fc.oneof(
      { weight: 4, arbitrary: dialled.map((one) => [one]) },
      { weight: 1, arbitrary: fc.tuple(dialled, dialled) },
    ),
    wanted: fc.constantFrom('must' as const, 'mustNot' as const),
    outcomes: fc.array(outcome, { minLength: 1, maxLength: 2 }),
    hosts: fc.constantFrom('assumed' as const, 'assumed' as const, 'any' as const),
  })
  .map(({ callers, dialled, wanted, outcomes, hosts }): Invariant => ({
    ...invariant(callers, dialled, wanted, ...outcomes),
    hosts,
  }));

interface Counterexample {
  readonly dialled: string;
  readonly from?: string;
  readonly headers?: readonly { readonly value: string }[];
}

/** Decides calls, each once. */
function decider(snapshot: Snapshot) {
  const known = new Map<string, Decision | undefined>();
  return (dialled: string, from: string | undefined, dod: string | undefined): Decision | undefined => {
    const key = `${dialled} ${from} ${dod}`;
    const headers = dod === undefined ? [] : [{ name: 'X-DOD-Number', value: dod }];
    if (!known.has(key))
      known.set(key, decideCall(snapshot, { dialled, headers, ...(from !== undefined && { from }) }));
    return known.get(key);
  };
}

/** The callers of an invariant, by ref. */
function fromsOf(snapshot: Snapshot, callers: readonly Callers[]): (string | undefined)[] {
  return callers.flatMap((one) =>
    one.of === 'outside'
      ? [undefined]
      : [...snapshot.catalog.all(one.of === 'peers' ? 'Peer' : 'Agent')]
          .filter(({ doc }) => !('domainRef' in one) || doc['domainRef'] === one.domainRef)
          .map(({ ref }) => ref),
  );
}

/** All that is dialled according to an invariant. */
function textsOf(snapshot: Snapshot, { dialled, hosts }: Invariant): string[] {
  const numbers = [...snapshot.catalog.all('Number')].map(({ doc }) => String(doc['telUrl']).slice(4));
  const users = dialled.flatMap((one) =>
    'value' in one ? [one.value] : 'numbers' in one ? numbers : USERS.filter((user) => one.matches(user)),
  );
  return users.flatMap((user) =>
    hosts === 'any' ? [user, ...HOSTS.map((host) => sipUri(user, host))] : [user],
  );
}

/** Whether some call breaks an invariant, by trying them all. */
function isBroken(snapshot: Snapshot, decide: ReturnType<typeof decider>, wished: Invariant): boolean {
  const names = namesIn(snapshot);
  const texts = textsOf(snapshot, wished);
  // Peers are free to name the number by which they call out.
  const numbers = [...snapshot.catalog.all('Number')].map(({ doc }) => String(doc['telUrl']).slice(4));
  const calls = wished.callers.flatMap((one) => {
    const dods = one.of === 'peers' ? [undefined, ...numbers] : [undefined];
    return fromsOf(snapshot, [one]).flatMap((from) =>
      texts.flatMap((text) => dods.map((dod) => [text, from, dod] as const)),
    );
  });
  return calls.some((call) => {
    const decision = decide(...call);
    if (!decision) return false;
    const isMet = wished.outcomes.some((expectations) =>
      expectations.every((expectation) => mismatch(expectation, decision, names) === undefined),
    );
    return isMet !== (wished.wanted === 'must');
  });
}

test('proved exactly where trying all dialled strings finds nothing', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(parts, fc.tuple(invariants, invariants), (drawn, wished) => {
      const snapshot = smallSnapshot(drawn);
      const prover = new Prover(snapshot);
      const decide = decider(snapshot);
      for (const one of wished) {
        const { status, counterexample, calls } = prover.verdict(one);
        count(`${status}${calls === 0 ? ' of nothing' : ''}`);
        count(`${one.wanted} at hosts ${one.hosts} ${status}`);
        const expected = isBroken(snapshot, decide, one) ? 'refuted' : 'proved';
        if (status !== expected) expect(status).toBe(expected);
        if (!counterexample) continue;
        const { dialled, from, headers = [] } = counterexample.call as unknown as Counterexample;
        const decision = decide(dialled, from, headers[0]?.value);
        if (!isDeepStrictEqual(decision, counterexample.decision))
          expect(decision).toEqual(counterexample.decision);
      }
    }),
    cases(10_000),
  );
  expectEach(['proved', 'proved of nothing', 'refuted'], 1000);
  for (const wanted of ['must', 'mustNot'])
    for (const hosts of ['assumed', 'any'])
      expectEach([`${wanted} at hosts ${hosts} proved`, `${wanted} at hosts ${hosts} refuted`], 300);
});

test('no call between parties of a configuration breaks what is proved', () => {
  const { count, expectEach } = counted();
  const all = fc.constantFrom('.*', '^\\+', '^1', '[a-z]', '@', '^[^1]');
  const callers = fc.constantFrom<Callers>(agents, { of: 'peers' }, outside);
  const expected = fc.constantFrom<Outcome>(
    { verdict: 'route' },
    { verdict: 'profile' },
    { profile: 'Profile-0' },
    { trunk: 'Trunk-0' },
    { reason: 'cross-domain' },
    { reason: 'callee-disabled' },
    { reason: 'no-trunk' },
    { routingType: 'agent-to-agent' },
    { routingType: 'from-pstn', verdict: 'route' },
  );
  fc.assert(
    fc.property(fc.gen(), callers, all, expected, (draw, caller, text, wanted) => {
      const world = new ArbitraryWorld(draw);
      const snapshot = Snapshot.of(world.catalog());
      const dialled = pattern(text) as Extract<Dialled, { pattern: string }>;
      const mustNot: Invariant = { ...invariant([caller], [dialled], 'mustNot', wanted), hosts: 'any' };
      const { status } = new Prover(snapshot).verdict(mustNot);
      count(status);
      if (status !== 'proved') return;
      const names = namesIn(snapshot);
      const froms = fromsOf(snapshot, [caller]);
      for (let i = 0; i < 30 && froms.length > 0; i++) {
        const within = callWithin(draw, world);
        if (!dialled.matches(within.requestUri.user)) continue;
        const from = froms[i % froms.length];
        const call = {
          dialled: writtenAs(within, draw(fc.boolean)).dialled,
          ...(from !== undefined && { from }),
          headers: within.headers.filter(({ name }) => caller.of === 'peers' && name === 'X-DOD-Number'),
        };
        const decision = decideCall(snapshot, call);
        if (!decision) continue;
        count('call');
        const unlike = mustNot.outcomes[0]!.flatMap((one) => mismatch(one, decision, names) ?? []);
        if (unlike.length === 0) expect([call, wanted]).toEqual('not there, for it is proved');
      }
    }),
    { ...cases(400), endOnFailure: true },
  );
  expectEach(['proved', 'refuted', 'call'], 30);
});
