/** On configurations of all kinds: the call of every finding shows what it says, and what brute force finds is found. */
import type { TelNumber } from '../../../src/lib/kinds/number.js';
import type { Resource } from '../../../src/lib/kinds/kind.js';
import type { SipRoute } from '../../../src/lib/kinds/sip-route.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { placeText, type Finding } from '../../../src/lib/proof/lint/finding.js';
import { lint } from '../../../src/lib/proof/lint/index.js';
import { Calls } from '../../../src/lib/proof/suite/search/calls.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import { calledKeys } from '../../../src/lib/routing/indexes.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { ArbitraryWorld } from '../routing/arbitrary.js';
import { cases, fc } from '../../support/property.js';

/** What the decision of a finding's call has to show. */
const shows: Record<string, (finding: Finding, decision: Decision) => boolean> = {
  'egress-dead-end': (_, { rejection }) => ['no-trunk', 'no-trunk-uri'].includes(rejection?.reason ?? ''),
  'egress-unanchored': ({ object }, { route, rejection }) =>
    rejection !== null || `egressPolicies[${route!.egressPolicy!.index}]` === object.path,
  'sip-route-never-taken': ({ object }, { profile }) => profile!.sipRoute !== object.ref,
  'called-twice': ({ object, related }, { profile }) =>
    profile!.sipRoute !== object.ref && related.some(({ ref }) => ref === profile!.sipRoute),
  'sip-route-shadows': ({ object }, { profile }) => profile!.sipRoute === object.ref,
  'catch-all-near-called': ({ object }, { profile }) => profile!.sipRoute === object.ref,
  collision: ({ object, related }, { callee }) =>
    !(callee!.kind === object.kind && callee!.ref === object.ref) &&
    related.some(({ kind, ref }) => callee!.kind === kind && callee!.ref === ref),
  'near-duplicate': ({ object }, { callee, profile }) =>
    object.kind === 'SipRoute' ? profile!.sipRoute === object.ref : callee!.ref === object.ref,
  'number-link-unknown': (_, { rejection }) => rejection!.reason === 'link-target-unknown',
  'number-link-disabled': (_, { rejection }) => rejection!.reason === 'callee-disabled',
  'number-unlinked': (_, { rejection }) => rejection!.reason === 'number-not-linked',
  'number-no-trunk': (_, { rejection }) => rejection!.reason === 'trunk-mismatch',
  'trunk-no-uri': (_, { rejection }) => rejection!.reason === 'no-trunk-uri',
  'agent-cannot-authenticate': ({ object }, { caller, rejection }) =>
    caller!.ref === object.ref && ['no-credentials', 'no-domain'].includes(rejection!.reason),
  'peer-cannot-authenticate': ({ object }, { caller, rejection }) =>
    caller!.ref === object.ref && rejection!.reason === 'no-credentials',
  'peer-unreachable': ({ object }, { route }) => route!.targets.some(({ via }) => via.ref === object.ref),
  'acl-admits-no-one': (_, { rejection }) => rejection!.reason === 'acl-denied',
  'acl-admits-everyone': ({ object }, { trace }) =>
    trace.some(({ subject, reason }) => subject === placeText(object) && reason === 'acl-allowed'),
};

describe('configurations of all kinds', () => {
  test('calls show what is said', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const facts = new Facts(Snapshot.of(new ArbitraryWorld(draw).catalog()));
        for (const finding of lint(facts.snapshot)) {
          const shown = shows[finding.code];
          if (!finding.witness || !shown) continue;
          const decision = facts.decide(finding.witness);
          const said = `${finding.code} ${placeText(finding.object)} ${JSON.stringify(finding.witness)}`;
          expect([said, decision && shown(finding, decision)]).toEqual([said, true]);
          seen.add(finding.code);
        }
      }),
      cases(1000),
    );
    expect(Object.keys(shows).filter((code) => !seen.has(code))).toEqual([]);
  });

  test('no call reaches a route that is said to be never taken; a number is told of when nobody reaches it', () => {
    let never = 0;
    let lost = 0;
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const facts = new Facts(Snapshot.of(new ArbitraryWorld(draw).catalog()));
        const calls = new Calls(facts.snapshot);
        const findings = [...lint(facts.snapshot)];
        for (const { code, object } of findings) {
          if (code !== 'sip-route-never-taken') continue;
          never++;
          const { doc } = facts.snapshot.resource<SipRoute>('SipRoute', object.ref)!;
          for (const call of calls.calledAny(calledKeys(doc))) {
            const decision = facts.decide(call);
            // Nobody dials these, escaped or not (docs/semantics.md 2).
            if (decision?.call.requestUri.user.startsWith('backend:')) continue;
            expect(decision?.profile?.sipRoute).not.toBe(object.ref);
          }
        }
        for (const number of facts.all<TelNumber>('Number'))
          if (isLost(facts, calls, number)) {
            lost++;
            expect(
              findings.filter(({ code, object }) => code.startsWith('number-') && object.ref === number.ref),
            ).not.toEqual([]);
          }
      }),
      cases(300),
    );
    expect([never > 0, lost > 0]).toEqual([true, true]);
  });
});

/** Whether no call to the number gets anywhere. */
function isLost(facts: Facts, calls: Calls, number: Resource<TelNumber>): boolean {
  for (const call of calls.toNumber(number)) {
    const decision = facts.decide(call);
    if (decision && decision.verdict !== 'reject') return false;
  }
  return true;
}
