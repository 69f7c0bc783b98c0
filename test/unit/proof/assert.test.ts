/** Invariants over all calls: what is proved holds for every dialled string, and what is refuted has one that breaks it. */
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { languageOf } from '../../../src/lib/proof/language/language.js';
import type { Callers, Dialled, Invariant } from '../../../src/lib/proof/assert/invariant.js';
import { Prover, type Verdict } from '../../../src/lib/proof/assert/prove.js';
import { expectationOf, mismatch, type Expectation } from '../../../src/lib/proof/suite/expectation.js';
import { decideCall } from '../../../src/lib/proof/suite/search/witness.js';
import { namesIn } from '../../../src/lib/proof/why/question.js';
import { sipUri } from '../../../src/lib/routing/normalize.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import type { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { cases } from '../../support/cases.js';
import { snapshotOf, type Entry, type World } from '../../support/catalog.js';
import { NUMBER, patch, seed } from '../routing/seed.js';

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

const SYMBOLS = ['1', '2', '+', 'a'];
const HOSTS = ['one.example', 'two.example', 'trunk-1.example', 'far.example'];
const strings = (length: number): string[] =>
  length === 0 ? [''] : strings(length - 1).flatMap((text) => SYMBOLS.map((symbol) => symbol + text));
/** Every user that is dialled there is. */
const UNIVERSE = [...[1, 2].flatMap(strings), ...strings(3).filter((text) => /^[12]|^.1/.test(text))];

const user = fc.constantFrom('1', '2', '12', '+1', '+12', '121', 'a', 'a1', '22', 'aa');
const host = fc.constantFrom('one.example', 'two.example');
const rule = fc.constantFrom('^1', '2$', '^\\+', '^[12]{2}$', 'a', '.*', '^\\+1$', '1.', '^(?:12|a)');
const oneOf = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) => fc.uniqueArray(arbitrary, { maxLength });

/** Configurations over users of four characters. */
const worlds = fc
  .record({
    numbers: oneOf(fc.constantFrom('1', '12', '+1', '+12', '121'), 3),
    linked: fc.array(fc.option(user, { nil: null }), { minLength: 3, maxLength: 3 }),
    trunks: fc.array(fc.option(fc.constantFrom('trunk-1', 'trunk-2'), { nil: null }), {
      minLength: 3,
      maxLength: 3,
    }),
    agents: oneOf(fc.tuple(user, fc.nat(1), fc.boolean(), fc.boolean()), 4),
    peers: oneOf(fc.tuple(user, user, host, fc.boolean()), 2),
    rules: fc.array(fc.array(fc.tuple(rule, fc.nat(2)), { maxLength: 3 }), { minLength: 2, maxLength: 2 }),
    routes: fc.array(fc.tuple(user, fc.option(host, { nil: null }), fc.boolean()), { maxLength: 3 }),
    catchAll: fc.boolean(),
  })
  .map((drawn): World => {
    const numbers = drawn.numbers.map((tel, i): Entry => {
      const [link, trunkRef] = [drawn.linked[i]!, drawn.trunks[i]!];
      return {
        ref: `number-${i}`,
        telUrl: `tel:${tel}`,
        aorLink: link && `sip:${link}@one.example`,
        trunkRef,
      };
    });
    const names = new Set<string>();
    const isNew = (name: string) => names.size < names.add(name).size;
    const from = (n: number) => `domain-${n}`;
    return {
      Credentials: [{ ref: 'credentials' }],
      Trunk: [1, 2].map((n) => ({
        ref: `trunk-${n}`,
        inboundUri: `trunk-${n}.example`,
        uris: [{ host: `gateway-${n}.example` }],
      })),
      Number: numbers,
      Domain: ['one.example', 'two.example'].map((domainUri, n) => ({
        ref: from(n),
        domainUri,
        egressPolicies:
          numbers.length === 0
            ? []
            : drawn.rules[n]!.map(([rule, i]) => ({ rule, numberRef: numbers[i % numbers.length]!.ref })),
      })),
      Agent: drawn.agents
        .filter(([name, n]) => isNew(`${name}@${n}`))
        .map(([username, n, enabled, guarded], i) => ({
          ref: `agent-${i}`,
          username,
          domainRef: from(n),
          enabled,
          credentialsRef: guarded ? 'credentials' : null,
        })),
      Peer: drawn.peers
        .filter(([name]) => isNew(name))
        .map(([username, aor, host, enabled], i) => ({
          ref: `peer-${i}`,
          username,
          aor: `sip:${aor}@${host}`,
          enabled,
          credentialsRef: 'credentials',
        })),
      Modality: [{ ref: 'realtime', type: 'realtime' }],
      Persona: [{ ref: 'persona' }],
      Policy: [{ ref: 'policy' }],
      Profile: ['main', 'other'].map((ref) => ({
        ref,
        personaRef: 'persona',
        policyRef: 'policy',
        realtimeRef: 'realtime',
      })),
      SipRoute: [
        ...drawn.routes.map(([user, host, enabled], i) => ({
          ref: `route-${i}`,
          called: [host === null ? user : `${user}@${host}`],
          profileRef: i % 2 === 0 ? 'main' : 'other',
          enabled,
        })),
        ...(drawn.catchAll ? [{ ref: 'catch-all', called: ['*'], profileRef: 'other' }] : []),
      ],
    };
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

const invariants = fc
  .record({
    callers: fc.constantFrom<Callers>(
      agents,
      { of: 'agents', domainRef: 'domain-0' },
      { of: 'peers' },
      outside,
    ),
    text: fc.constantFrom('1', '^\\+', '2$', '^a', '^[12]+$', '.*', '^\\+?1.$'),
    wanted: fc.constantFrom('must' as const, 'mustNot' as const),
    outcomes: fc.array(outcome, { minLength: 1, maxLength: 2 }),
    hosts: fc.constantFrom('assumed' as const, 'any' as const),
  })
  .map(({ callers, text, wanted, outcomes, hosts }): Invariant & { text: string } => {
    // Only users of the universe: a pattern of these characters, of at most three of them.
    const bounded = pattern('^(?:[12+a]{1,2}|[12][12+a]{2}|[12+a]1[12+a])$') as Extract<
      Dialled,
      { pattern: string }
    >;
    const wished = pattern(text) as typeof bounded;
    const both = (bounded.language as never as { intersect(other: unknown): never }).intersect(
      wished.language,
    );
    const dialled: Dialled = {
      pattern: text,
      language: both,
      matches: (user) => bounded.matches(user) && wished.matches(user),
    };
    return { ...invariant([callers], [dialled], wanted, ...outcomes), hosts, text };
  });

/** Decides calls, each once. */
function decider(snapshot: Snapshot) {
  const known = new Map<string, Decision | undefined>();
  return (dialled: string, from: string | undefined): Decision | undefined => {
    const key = `${dialled} ${from}`;
    if (!known.has(key))
      known.set(key, decideCall(snapshot, { dialled, ...(from !== undefined && { from }) }));
    return known.get(key);
  };
}

/** Whether some call breaks an invariant, by trying them all. */
function isBroken(
  snapshot: Snapshot,
  decide: ReturnType<typeof decider>,
  { callers, dialled, wanted, outcomes, hosts }: Invariant,
): boolean {
  const [one] = callers;
  const froms =
    one!.of === 'outside'
      ? [undefined]
      : [...snapshot.catalog.all(one!.of === 'peers' ? 'Peer' : 'Agent')]
          .filter(({ doc }) => !('domainRef' in one!) || doc['domainRef'] === one.domainRef)
          .map(({ ref }) => ref);
  const names = namesIn(snapshot);
  const [asked] = dialled as [Extract<Dialled, { pattern: string }>];
  const texts = UNIVERSE.filter((user) => asked.matches(user)).flatMap((user) =>
    hosts === 'any' ? [user, ...HOSTS.map((host) => sipUri(user, host))] : [user],
  );
  return froms.some((from) =>
    texts.some((text) => {
      const decision = decide(text, from);
      if (!decision) return false;
      const isMet = outcomes.some((expectations) =>
        expectations.every((expectation) => mismatch(expectation, decision, names) === undefined),
      );
      return isMet !== (wanted === 'must');
    }),
  );
}

test('proved exactly where trying all dialled strings finds nothing', () => {
  const counts: Record<Verdict['status'], number> = { proved: 0, refuted: 0, tried: 0 };
  fc.assert(
    fc.property(worlds, fc.array(invariants, { minLength: 12, maxLength: 12 }), (world, wished) => {
      const snapshot = snapshotOf(world);
      const prover = new Prover(snapshot);
      const decide = decider(snapshot);
      for (const one of wished) {
        const { status, counterexample } = prover.verdict(one);
        counts[status]++;
        expect(status).toBe(isBroken(snapshot, decide, one) ? 'refuted' : 'proved');
        if (counterexample)
          expect(decideCall(snapshot, counterexample.call)).toEqual(counterexample.decision);
      }
    }),
    cases(100),
  );
  expect(counts.proved).toBeGreaterThan(100);
  expect(counts.refuted).toBeGreaterThan(100);
});
