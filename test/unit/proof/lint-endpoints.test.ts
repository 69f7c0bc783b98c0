/** Lint where it has little to go by: endpoints that agents alone can reach, and rules too large to analyse. */
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { placeText } from '../../../src/lib/proof/lint/finding.js';
import { lint } from '../../../src/lib/proof/lint/index.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { patch, seed } from '../routing/seed.js';

const without = (trunk: World): World =>
  patch(trunk, { Number: [{ ref: 'number-01', trunkRef: undefined }] });

function linksOf(world: World): string[] {
  const snapshot = snapshotOf(world);
  const facts = new Facts(snapshot);
  const found = [...lint(snapshot)].filter(({ code }) => code.startsWith('number-'));
  return found.map(
    ({ code, object, witness }) =>
      `${code} ${placeText(object)} ${String(witness?.['from'])} ${facts.decide(witness!)?.rejection?.reason}`,
  );
}

test('a number without trunk: its link is tried by an agent', () => {
  const linked = (aorLink: string) => patch(seed, { Number: [{ ref: 'number-01', aorLink }] });
  expect(linksOf(without(linked('sip:nobody@sip.local')))).toEqual([
    'number-link-unknown numbers/number-01 aorLink 1001@sip.local link-target-unknown',
    'number-no-trunk numbers/number-01 trunkRef undefined trunk-mismatch',
  ]);
  const disabled = patch(linked('sip:1002@sip.local'), { Agent: [{ ref: 'agent-02', enabled: false }] });
  expect(linksOf(without(disabled))).toEqual([
    'number-link-disabled numbers/number-01 aorLink 1001@sip.local callee-disabled',
    'number-no-trunk numbers/number-01 trunkRef undefined trunk-mismatch',
  ]);
  expect(linksOf(disabled)).toEqual([
    'number-link-disabled numbers/number-01 aorLink undefined callee-disabled',
  ]);
});

test('a number without link that the catch-all takes is no finding, although agents do not reach it', () => {
  const world = patch(seed, {
    Number: [{ ref: 'number-01', aorLink: undefined }],
    SipRoute: [{ ref: 'rest', called: ['*'], profileRef: 'main' }],
  });
  expect(linksOf(world)).toEqual([]);
});

test('a route that shadows an agent: the call is one that would ring', () => {
  const world = patch(seed, {
    Domain: [{ ref: 'domain-02', domainUri: 'other.local' }],
    SipRoute: [{ ref: 'route-04', called: ['1002'], profileRef: 'main' }],
  });
  const found = [...lint(snapshotOf(world))].find(({ code }) => code === 'sip-route-shadows');
  expect(found?.witness).toEqual({ dialled: '1002', from: '1001@sip.local' });
});

test('a rule that several checks cannot tell everything about is named once', () => {
  const rules = ['(a|b)*a(a|b){14}', '((a{30}){30})', '2.{11}$'];
  const world = patch(seed, {
    Number: [{ ref: 'number-02', telUrl: 'tel:+19103434435', trunkRef: 'trunk-01' }],
    Domain: [
      {
        ref: 'domain-01',
        egressPolicies: rules.map((rule, i) => ({ rule, numberRef: `number-0${(i % 2) + 1}` })),
      },
    ],
  });
  const texts = [...lint(snapshotOf(world))]
    .filter(({ code }) => code === 'egress-not-analysable')
    .map(({ object, message }) => `${placeText(object)}: ${message}`);
  expect(texts.some((text) => text.includes('Not everything'))).toBe(true);
  expect(texts).toEqual([...new Set(texts)]);
});
