/** On configurations of all kinds: the call of every finding shows what it says, and what brute force finds is found. */
import type { Agent } from '../../../src/lib/kinds/agent.js';
import type { TelNumber } from '../../../src/lib/kinds/number.js';
import type { Resource } from '../../../src/lib/kinds/kind.js';
import type { SipRoute } from '../../../src/lib/kinds/sip-route.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { placeText, type Finding } from '../../../src/lib/proof/lint/finding.js';
import { lint } from '../../../src/lib/proof/lint/index.js';
import { Calls } from '../../../src/lib/proof/suite/search/calls.js';
import { decide } from '../../../src/lib/routing/decide.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import { calledKeys } from '../../../src/lib/routing/indexes.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { ArbitraryWorld, callWithin } from '../routing/arbitrary.js';
import { cases, counted, fc } from '../../support/property.js';

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
            expect(facts.decide(call)?.profile?.sipRoute).not.toBe(object.ref);
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

/** What no call without a token does that a finding is about. */
const never: Record<string, (object: Finding['object'], decision: Decision) => boolean> = {
  'sip-route-never-taken': ({ ref }, { profile }) => profile?.sipRoute === ref,
  'egress-empty': (object, decision) => leavesBy(object, decision),
  'egress-never-fires': (object, decision) => leavesBy(object, decision),
  'egress-dead-end': (object, decision) => leavesBy(object, decision),
  'trunk-no-uri': ({ ref }, { route }) => route?.targets.some(({ via }) => via.ref === ref) ?? false,
  'agent-cannot-authenticate': ({ ref }, { caller, verdict }) => caller?.ref === ref && verdict !== 'reject',
  'peer-cannot-authenticate': ({ ref }, { caller, verdict }) => caller?.ref === ref && verdict !== 'reject',
  'number-link-unknown': ({ ref }, { callee, route }) => callee?.ref === ref && route !== null,
  'number-link-disabled': ({ ref }, { callee, route }) => callee?.ref === ref && route !== null,
  // At another host a route may have it for those of ours.
  'number-unlinked': ({ ref }, { caller, callee, verdict }) =>
    caller === null && callee?.ref === ref && verdict !== 'reject',
};

/** Whether a call leaves by the egress policy that a place names: the caller's domain has it. */
const leavesBy = (
  { ref, path }: Finding['object'],
  { route, domain }: Decision & { domain?: string },
): boolean => domain === ref && path === `egressPolicies[${route?.egressPolicy?.index}]`;

test('no call between parties does what is said never to be', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const world = new ArbitraryWorld(draw);
      const snapshot = Snapshot.of(world.catalog());
      const said = [...lint(snapshot)].filter(({ code }) => never[code]);
      for (let i = 0; i < 30; i++) {
        const call = callWithin(draw, world);
        if (call.connectToken.state === 'valid') continue;
        const decision = decide(snapshot, call);
        const agent = snapshot.resource<Agent>('Agent', decision.caller?.ref);
        for (const { code, object } of said) {
          count(code);
          if (never[code]!(object, { ...decision, domain: agent?.doc.domainRef } as Decision))
            expect([code, placeText(object), call]).toEqual('never');
        }
      }
    }),
    { ...cases(500), endOnFailure: true },
  );
  expectEach(Object.keys(never), 30);
});

/** Whether no call to the number gets anywhere. */
function isLost(facts: Facts, calls: Calls, number: Resource<TelNumber>): boolean {
  for (const call of calls.toNumber(number)) {
    const decision = facts.decide(call);
    if (decision && decision.verdict !== 'reject') return false;
  }
  return true;
}
