/** What a change does to calls: 100,000 numbers, ten classes of callers. */
import { impactOf } from '../../dist/lib/proof/impact/impact.js';
import { transition } from '../../dist/lib/proof/impact/rebase.js';
import { buildSnapshot, SIZES } from './world.js';

const sizes = { ...SIZES, domains: 8 };

/** The catalog after some resources have changed. */
function changed({ catalog }, kind, refs, change) {
  const deltas = refs.map((ref) => {
    const before = catalog.get(kind, ref);
    return { before, after: { ...before, doc: { ...before.doc, ...change(before.doc) } } };
  });
  return catalog.apply(deltas, 2);
}

function timed(before, after) {
  const started = performance.now();
  const steps = impactOf(transition(before, after));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return { seconds: (performance.now() - started) / 1000, ...value };
  }
}

/** @returns {{name: string, value: number, unit: string}[]} */
export function benchImpact() {
  const before = buildSnapshot(sizes);
  const rules = ({ egressPolicies }) => ({
    egressPolicies: egressPolicies.map((policy, i) =>
      i === 7 ? { ...policy, rule: '^\\+17[2-9]' } : policy,
    ),
  });
  const allTrunks = Array.from({ length: sizes.trunks }, (_, i) => `trunk-${i}`);
  const allNumbers = Array.from({ length: sizes.numbers }, (_, i) => `number-${i}`);
  const allAgents = Array.from({ length: sizes.agents }, (_, i) => `agent-${i}`);
  const found = [
    ['a rule of one domain', timed(before, changed(before, 'Domain', ['domain-3'], rules))],
    [
      'the gateways of every trunk',
      timed(
        before,
        changed(before, 'Trunk', allTrunks, () => ({ uris: [] })),
      ),
    ],
    [
      'where the calls of every trunk arrive',
      timed(
        before,
        changed(before, 'Trunk', allTrunks, ({ inboundUri }) => ({ inboundUri: `new.${inboundUri}` })),
      ),
    ],
    [
      'every number, so every call to one',
      timed(
        before,
        changed(before, 'Number', allNumbers, () => ({ extraHeaders: [{ name: 'X-Site', value: 'a' }] })),
      ),
    ],
    [
      'the name of every agent, at two addresses each',
      timed(
        before,
        changed(before, 'Agent', allAgents, ({ username }) => ({ username: `x${username}` })),
      ),
    ],
  ];
  return found.flatMap(([name, { seconds, calls, decided }]) => [
    {
      name,
      value: seconds,
      unit: `s (${calls.toLocaleString('en')} calls, ${decided.toLocaleString('en')} decided)`,
    },
  ]);
}
