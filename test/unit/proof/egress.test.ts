/** The sets of dialled strings that a change of egress rules touches, compared with dialling every short string. */
import fc from 'fast-check';
import { callerClasses, requestOf } from '../../../src/lib/proof/impact/callers.js';
import { decisionOf } from '../../../src/lib/proof/impact/compare.js';
import { dialable } from '../../../src/lib/proof/dialable.js';
import { type ChangedSet, egressChanges } from '../../../src/lib/proof/impact/egress.js';
import { difference } from '../../../src/lib/proof/impact/outcome.js';
import { transition } from '../../../src/lib/proof/impact/rebase.js';
import { normalizeUser } from '../../../src/lib/routing/normalize.js';
import { cases } from '../../support/cases.js';
import { snapshotOf, type World } from '../../support/catalog.js';

const RULES = [
  '^0',
  '1$',
  '^\\+',
  '0{2}',
  '[01]+',
  '.*',
  '^$',
  'a',
  '(?i)A',
  '^(0|1)1',
  '\\d{2,3}$',
  '^[^0]',
  '\\b1',
  '^1(?:0|a)*$',
];
const ALPHABET = ['0', '1', '+', 'a'];
const LONGEST = 4;

const STRINGS = (() => {
  const found: string[] = [];
  let last = [''];
  for (let length = 1; length <= LONGEST; length++) {
    last = last.flatMap((word) => ALPHABET.map((character) => word + character));
    found.push(...last.filter((word) => normalizeUser(word) === word));
  }
  return found;
})();

const rules = fc.array(
  fc.record({ rule: fc.constantFrom(...RULES), numberRef: fc.constantFrom('n1', 'n2', 'n3') }),
  { maxLength: 4 },
);

/** One domain with these rules; some strings are a number, an agent or a called value. */
const world = (egressPolicies: readonly { rule: string; numberRef: string }[], open: boolean): World => ({
  Credentials: [{ ref: 'c' }],
  Trunk: [
    { ref: 't1', uris: [{ host: 'gw1.example' }] },
    { ref: 't2', uris: open ? [{ host: 'gw2.example' }] : [] },
  ],
  Number: [
    { ref: 'n1', telUrl: 'tel:11', trunkRef: 't1' },
    { ref: 'n2', telUrl: 'tel:12', trunkRef: 't2' },
    { ref: 'n3', telUrl: 'tel:13' },
  ],
  Domain: [{ ref: 'd', domainUri: 'sip.local', egressPolicies: [...egressPolicies] }],
  Agent: [
    { ref: 'x', username: 'x', domainRef: 'd', credentialsRef: 'c' },
    { ref: 'y', username: '0', domainRef: 'd', privacy: 'PRIVATE', credentialsRef: 'c' },
  ],
  Persona: [{ ref: 'p' }],
  Policy: [{ ref: 'p' }],
  Modality: [{ ref: 'm', type: 'realtime' }],
  Profile: [{ ref: 'p', personaRef: 'p', policyRef: 'p', realtimeRef: 'm' }],
  SipRoute: [{ ref: 'r', called: ['a'], profileRef: 'p' }],
});

function run(change: ReturnType<typeof transition>) {
  const steps = egressChanges(change);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

test('the sets are exact', () => {
  let inSets = 0;
  fc.assert(
    fc.property(rules, rules, fc.boolean(), (old, now, open) => {
      const change = transition(snapshotOf(world(old, true)), snapshotOf(world(now, open)).catalog);
      const { sets, sampled } = run(change);
      expect(sampled).toEqual([]);
      const [caller] = callerClasses(change.before, change.after).filter(
        ({ call }) => call.from === 'x@sip.local',
      );
      const wrong = STRINGS.filter((user) => {
        const request = requestOf(caller!, dialable(user));
        const [was, is] = [decisionOf(change.before, request), decisionOf(change.after, request)];
        if (![was, is].every((one) => one?.routingType === 'agent-to-pstn' && !one.profile)) return false;
        const expected = difference(was, is)?.join(' → ');
        const holding = sets.filter(({ users }) => users.has(user));
        inSets += holding.length;
        return holding.map(({ before, after }) => `${before} → ${after}`).join() !== (expected ?? '');
      });
      expect(wrong).toEqual([]);
      for (const set of sets) expectExample(change, set);
    }),
    cases(30),
  );
  expect(inSets).toBeGreaterThan(100);
});

/** The example of a set shows its change. */
function expectExample({ before, after }: ReturnType<typeof transition>, set: ChangedSet): void {
  const { from, dialled } = set.example;
  const request = requestOf({ count: 1, call: { from }, outward: [] }, dialled);
  expect(difference(decisionOf(before, request), decisionOf(after, request))).toEqual([
    set.before,
    set.after,
  ]);
  expect(set.users.has(set.users.shortest()!)).toBe(true);
}

test('a rule that is not analysable is said to be', () => {
  const before = snapshotOf(world([{ rule: '^0', numberRef: 'n1' }], true));
  const after = snapshotOf(
    world([{ rule: '([01]{1,50}[^0]){1,20}0.{0,60}1.{0,60}$', numberRef: 'n1' }], true),
  );
  const { sets, sampled } = run(transition(before, after.catalog));
  expect(sets).toEqual([]);
  expect(sampled).toEqual([{ domain: 'd', notAnalysable: expect.stringContaining('egressPolicies[0]: ') }]);
});
