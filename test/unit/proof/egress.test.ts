/**
 * The sets of dialled strings that a change of egress rules touches, compared with dialling every short string before
 * and after it.
 */
import { atOnce } from '../../../src/lib/config/steps.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import { requestOf } from '../../../src/lib/proof/impact/callers.js';
import { effectOn } from '../../../src/lib/proof/impact/compare.js';
import { dialable } from '../../../src/lib/proof/dialable.js';
import { type ChangedSet, egressChanges } from '../../../src/lib/proof/impact/egress.js';
import { difference } from '../../../src/lib/proof/outcome.js';
import { transition } from '../../../src/lib/proof/impact/rebase.js';
import { replaced, snapshotOf, type World } from '../../support/catalog.js';
import { dialler } from '../../support/dialling.js';
import { RULES, SHORTEST } from './rules.js';
import { cases, counted, fc } from '../../support/property.js';

type Policy = { rule: string; numberRef: string };

/** What of the rest of a configuration changes with the rules. */
const SURROUNDINGS = ['nothing', 'a closed trunk', 'another trunk', 'a called value', 'privacy'] as const;
type Surrounding = (typeof SURROUNDINGS)[number];

const domain = (egressPolicies: readonly Policy[]) => ({
  ref: 'd',
  domainUri: 'sip.local',
  egressPolicies: [...egressPolicies],
});

/** One domain; some strings are a number, an agent, a peer or a called value. */
const world = (change: Surrounding, egressPolicies: readonly Policy[] = []): World => ({
  Credentials: [{ ref: 'c' }],
  Trunk: [
    { ref: 't1', uris: [{ host: 'gw1.example' }] },
    { ref: 't2', uris: change === 'a closed trunk' ? [] : [{ host: 'gw2.example' }] },
  ],
  Number: [
    { ref: 'n1', telUrl: 'tel:11', trunkRef: 't1' },
    { ref: 'n2', telUrl: 'tel:+1', trunkRef: 't2' },
    { ref: 'n3', telUrl: 'tel:101', ...(change === 'another trunk' && { trunkRef: 't2' }) },
  ],
  Domain: [domain(egressPolicies)],
  Agent: [
    { ref: 'x', username: 'x', domainRef: 'd', credentialsRef: 'c' },
    {
      ref: 'y',
      username: '0',
      domainRef: 'd',
      privacy: change === 'privacy' ? 'PRIVATE' : 'NONE',
      credentialsRef: 'c',
    },
  ],
  Peer: [{ ref: 'z', username: 'a1', aor: 'sip:01@sip.local', credentialsRef: 'c' }],
  Persona: [{ ref: 'p' }],
  Policy: [{ ref: 'p' }],
  Modality: [{ ref: 'm', type: 'realtime' }],
  Profile: [{ ref: 'p', personaRef: 'p', policyRef: 'p', realtimeRef: 'm' }],
  SipRoute: [{ ref: 'r', called: ['a', ...(change === 'a called value' ? ['1'] : [])], profileRef: 'p' }],
});

const bases = new Map(SURROUNDINGS.map((change) => [change, snapshotOf(world(change))]));

const policy: fc.Arbitrary<Policy> = fc.record({
  rule: fc.oneof(fc.constantFrom('^0', '^1', '^\\+', '^[01]', '0$', '.*'), fc.constantFrom(...RULES)),
  numberRef: fc.constantFrom('n1', 'n2', 'n3'),
});
const policies = fc.array(policy, { maxLength: 2 });

/** An edit that people make, or other rules altogether. */
const edits: fc.Arbitrary<(old: readonly Policy[]) => readonly Policy[]> = fc.oneof(
  policies.map((now) => () => now),
  fc.constantFrom(
    (old: readonly Policy[]) => old,
    (old: readonly Policy[]) => old.slice(1),
    (old: readonly Policy[]) => old.slice(0, -1),
    (old: readonly Policy[]) => old.toReversed(),
    (old: readonly Policy[]) => old.map((one) => ({ ...one, numberRef: 'n1' })),
    (old: readonly Policy[]) => old.map((one) => ({ ...one, rule: one.rule.replace(/^\^/, '') })),
  ),
  policy.map((one) => (old: readonly Policy[]) => [one, ...old]),
);

const run = (change: ReturnType<typeof transition>) => atOnce(egressChanges(change));

/** Whether egress rules decide a call: what something of the configuration has stands in groups instead. */
const isByRules = ({ routingType, profile }: Decision): boolean =>
  routingType === 'agent-to-pstn' && !profile;

test('the sets are exact', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(policies, edits, fc.constantFrom(...SURROUNDINGS), (old, edit, surrounding) => {
      const after = replaced(bases.get(surrounding)!, 'Domain', domain(edit(old)));
      const change = transition(replaced(bases.get('nothing')!, 'Domain', domain(old)), after.catalog);
      const { sets, sampled } = run(change);
      const sides = ['x@sip.local', '0@sip.local'].map((from) => [
        dialler(change.before, from),
        dialler(change.after, from),
      ]);
      const wrong = SHORTEST.flatMap((user, i) => {
        // What differs between agents of a domain is their privacy: some strings tell.
        const asked = surrounding === 'privacy' || i % 8 === 0 ? sides : sides.slice(0, 1);
        const decisions = asked.map(
          (both) => both.map((decided) => decided(dialable(user))) as [Decision, Decision],
        );
        if (!decisions.flat().every(isByRules)) return [];
        const expected = decisions.flatMap(([was, is]) => difference(was, is)?.join(' → ') ?? []);
        const holding = sets.flatMap(({ users, before, after }) =>
          users.has(user) ? [`${before} → ${after}`] : [],
        );
        count('a string that changes', holding.length > 0 ? 1 : 0);
        const isSo = holding.sort().join() === [...new Set(expected)].sort().join();
        return isSo ? [] : [{ user, holding, expected }];
      });
      if (sampled.length > 0 || wrong.length > 0)
        expect({ sampled, wrong }).toEqual({ sampled: [], wrong: [] });
      for (const set of sets) expectExample(change, set);
      count(surrounding);
      count(sets.length === 0 ? 'no set' : sets.length === 1 ? 'one set' : 'several sets');
      if (sets.some(({ users }) => Number.isFinite(users.size))) count('a finite set');
    }),
    cases(10_000),
  );
  expectEach([...SURROUNDINGS, 'no set', 'one set', 'several sets', 'a finite set'], 200);
  expectEach(['a string that changes'], 10_000);
});

/** The example of a set shows its change. */
function expectExample({ before, after }: ReturnType<typeof transition>, set: ChangedSet): void {
  const { from, dialled } = set.example;
  const request = requestOf({ call: { from } }, dialled);
  const found = difference(effectOn(before, request), effectOn(after, request));
  const isShown = found?.[0] === set.before && found[1] === set.after && set.users.has(set.users.shortest()!);
  if (!isShown) expect([from, dialled, found]).toEqual([from, dialled, [set.before, set.after]]);
}

test('a rule that is not analysable is said to be', () => {
  const before = snapshotOf(world('nothing', [{ rule: '^0', numberRef: 'n1' }]));
  const rule = '([01]{1,50}[^0]){1,20}0.{0,60}1.{0,60}$';
  const after = snapshotOf(world('nothing', [{ rule, numberRef: 'n1' }]));
  const { sets, sampled } = run(transition(before, after.catalog));
  expect(sets).toEqual([]);
  expect(sampled).toEqual([{ domain: 'd', notAnalysable: expect.stringContaining('egressPolicies[0]: ') }]);
});
