/** What lint says one failure loses is what deciding every kind of calls with and without each thing tells. */
import type { KindName, Resource } from '../../../src/lib/kinds/kind.js';
import type { TelNumber } from '../../../src/lib/kinds/number.js';
import type { Trunk } from '../../../src/lib/kinds/trunk.js';
import type { CallDocument } from '../../../src/lib/proof/engine.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { placeText, type Finding } from '../../../src/lib/proof/lint/finding.js';
import { lint } from '../../../src/lib/proof/lint/index.js';
import { servicesOf, type Service } from '../../../src/lib/proof/lint/services.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { catalogOf, snapshotOf, type World } from '../../support/catalog.js';
import { ArbitraryWorld } from '../routing/arbitrary.js';
import { patch, seed, without } from '../routing/seed.js';
import { cases, fc } from '../../support/property.js';

const singlePoints = (snapshot: Snapshot): Finding[] =>
  [...lint(snapshot, { singlePoints: true })].filter(({ code }) => code === 'single-point');

/** The configuration after a change of one document. */
function changed(snapshot: Snapshot, kind: KindName, ref: string, fields: object): Facts {
  const resources = [...resourcesIn(snapshot)].map((resource) =>
    resource.kind === kind && resource.ref === ref
      ? { ...resource, doc: { ...resource.doc, ...fields } }
      : resource,
  );
  return new Facts(Snapshot.of(catalogOf(resources)));
}

const KINDS: readonly KindName[] = [
  ...(['AccessControlList', 'Credentials', 'Trunk', 'Number', 'Domain', 'Agent', 'Peer'] as const),
  ...(['Modality', 'Persona', 'Policy', 'Profile', 'SipRoute'] as const),
];

const resourcesIn = (snapshot: Snapshot): Resource[] =>
  KINDS.flatMap((kind) => [...snapshot.catalog.all(kind)]);

/** By everything that can fail: the kinds of calls that are decided with it and rejected without. */
function bruteForce(snapshot: Snapshot, services: readonly Service[]): Map<string, string[]> {
  const facts = new Facts(snapshot);
  const lost = new Map<string, string[]>();
  const note = (thing: string, decide: (call: CallDocument) => string | undefined, ours = services) => {
    const texts = ours.filter(({ call }) => decide(call) === 'reject').map(({ text }) => text);
    if (texts.length > 0) lost.set(thing, texts);
  };
  for (const kind of ['Trunk', 'Peer'] as const)
    for (const { ref } of snapshot.catalog.all(kind))
      note(
        placeText({ kind, ref, path: null }),
        (call) => facts.decide({ ...call, down: [{ kind, ref }] })?.verdict,
      );
  for (const { ref, doc } of snapshot.all<Trunk>('Trunk'))
    for (const [i, uri] of doc.uris.entries()) {
      if (!uri.enabled) continue;
      const uris = doc.uris.map((one, j) => (i === j ? { ...one, enabled: false } : one));
      const other = changed(snapshot, 'Trunk', ref, { uris });
      note(`trunks/${ref} uris[${i}]`, (call) => other.decide(call)?.verdict);
    }
  for (const { ref } of snapshot.all<TelNumber>('Number')) {
    const other = changed(snapshot, 'Number', ref, { trunkRef: undefined });
    // That nobody calls a number that has failed, or calls as it, goes without saying.
    const others = services.filter(({ place }) => place.kind === 'Domain');
    note(`numbers/${ref}`, (call) => other.decide(call)?.verdict, others);
  }
  return lost;
}

/** The kinds of calls from outside that arrive by each trunk. */
function arriving(snapshot: Snapshot, services: readonly Service[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { place, text, call } of services) {
    if (place.kind !== 'Number' || call['from'] !== undefined) continue;
    const { trunkRef } = snapshot.resource<TelNumber>('Number', place.ref)!.doc;
    const trunk = `trunks/${trunkRef}`;
    found.set(trunk, [...(found.get(trunk) ?? []), text]);
  }
  return found;
}

/** What a finding says. */
function saidBy({ message }: Finding, of: number): { lost: number; arriving: boolean } {
  const count = /^Without it (\d+) of (\d+) kinds/.exec(message);
  if (count) expect(Number(count[2])).toBe(of);
  return {
    lost: Number(count?.[1] ?? 0),
    arriving: /Calls from outside to .* arrive by it alone\.$/.test(message),
  };
}

function judge(snapshot: Snapshot): readonly Finding[] {
  const facts = new Facts(snapshot);
  const services = [...servicesOf(facts)];
  const lost = bruteForce(snapshot, services);
  const arrivals = arriving(snapshot, services);
  const findings = singlePoints(snapshot);
  const same = new Map<string, string[]>();
  for (const [thing, texts] of lost) same.set(texts.join(), [...(same.get(texts.join()) ?? []), thing]);
  const firsts = [...same.values()].map(([thing]) => thing!);
  expect(findings.map(({ object }) => placeText(object)).sort()).toEqual(
    [...new Set([...firsts, ...arrivals.keys()])].sort(),
  );
  for (const finding of findings) {
    const thing = placeText(finding.object);
    const texts = [...(lost.get(thing) ?? []), ...(arrivals.get(thing) ?? [])];
    const places = services.filter(({ text }) => texts.includes(text)).map(({ place }) => placeText(place));
    const others = same.get(lost.get(thing)?.join() ?? '')?.slice(1) ?? [];
    expect(new Set(finding.related.map(placeText))).toEqual(new Set([...places, ...others]));
    expect(saidBy(finding, services.length)).toEqual({
      lost: lost.get(thing)?.length ?? 0,
      arriving: arrivals.has(thing),
    });
    shown(facts, finding);
  }
  return findings;
}

/** The call of a finding shows the loss where it says what is down, and that there is something to lose elsewhere. */
function shown(facts: Facts, { object, witness }: Finding): void {
  const { down, ...call } = witness as { down?: object };
  expect(facts.decide(call)!.verdict).not.toBe('reject');
  if (!down) return;
  expect(down).toEqual([{ kind: object.kind, ref: object.ref }]);
  expect(facts.decide(witness!)!.verdict).toBe('reject');
}

describe('generated configurations', () => {
  test('of all kinds', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        for (const { object, message, witness } of judge(Snapshot.of(new ArbitraryWorld(draw).catalog()))) {
          const gateway = / lost without trunks\S+ uris/.test(message) ? ' and gateway' : '';
          const what = `${object.kind}${gateway}${witness!['down'] ? ' down' : ''}`;
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
      }),
      cases(400),
    );
    for (const what of ['Trunk', 'Trunk down', 'Trunk and gateway down', 'Number'])
      expect([what, (seen.get(what) ?? 0) > 0]).toEqual([what, true]);
  });

  const group = fc.array(fc.record({ enabled: fc.boolean(), contactAddr: fc.boolean() }), { maxLength: 3 });
  const gateways = fc.array(fc.boolean(), { maxLength: 3 });
  const shape = fc.record({
    ...{ group, gateways, others: gateways },
    links: fc.array(fc.constantFrom('sip:1001@sip.local', 'sip:pool@default', undefined), { maxLength: 3 }),
    called: fc.boolean(),
    rules: fc.array(fc.nat(2), { maxLength: 4 }),
  });

  test('with groups of peers, and trunks with several gateways', () => {
    let peers = 0;
    let survived = 0;
    const uris = (enabled: readonly boolean[]) =>
      enabled.map((one, i) => ({ host: `gw${i}.example`, enabled: one }));
    fc.assert(
      fc.property(shape, ({ group, gateways, others, links, called, rules }) => {
        const numbers = links.map((aorLink, i) => ({
          ref: `number-${i}`,
          telUrl: `tel:+${i}`,
          aorLink,
          trunkRef: i % 2 === 0 ? 'trunk-01' : 'trunk-02',
        }));
        const world = patch(without(seed, 'Number', 'number-01'), {
          Trunk: [
            { ref: 'trunk-01', uris: uris(gateways) },
            { ref: 'trunk-02', uris: uris(others) },
          ],
          Number: numbers,
          Domain: [
            {
              ref: 'domain-01',
              egressPolicies:
                numbers.length === 0
                  ? []
                  : rules.map((n, i) => ({ rule: `^\\+4${i}`, numberRef: `number-${n % numbers.length}` })),
            },
          ],
          Peer: group.map(({ enabled, contactAddr }, i) => ({
            ref: `pool-${i}`,
            aor: 'sip:pool@default',
            enabled,
            credentialsRef: 'credentials-03',
            ...(contactAddr && { contactAddr: `10.0.0.${i + 1}` }),
          })),
          SipRoute: called ? [{ ref: 'route-09', called: ['+0', '+1'], profileRef: 'main' }] : [],
        });
        const found = judge(snapshotOf(world));
        peers += found.filter(({ object }) => object.kind === 'Peer').length;
        if (group.filter(({ enabled }) => enabled).length > 1) {
          expect(found.filter(({ object }) => object.kind === 'Peer')).toEqual([]);
          survived++;
        }
      }),
      cases(200),
    );
    expect([peers > 0, survived > 0]).toEqual([true, true]);
  });
});

const base: World = patch(seed, {
  Number: [{ ref: 'number-01', aorLink: 'sip:1001@sip.local' }],
  Domain: [{ ref: 'domain-01', egressPolicies: [{ rule: '^\\+', numberRef: 'number-01' }] }],
});
const RULE = 'domains/domain-01 egressPolicies[0]';
const PEERS = 'calls of peers by trunks/trunk-01';
const GATEWAY = 'The same are lost without trunks/trunk-01 uris[0].';
const ARRIVAL = 'Calls from outside to numbers/number-01 arrive by it alone.';

const examples: Record<string, { world: World; finds: readonly string[] }> = {
  'a trunk with one gateway': {
    world: base,
    finds: [
      `trunks/trunk-01: Without it 2 of 3 kinds of calls are lost: ${RULE} and ${PEERS}. ${GATEWAY} ${ARRIVAL}`,
      `numbers/number-01: Without it 1 of 3 kinds of calls is lost: ${RULE}.`,
    ],
  },
  'a trunk, its gateway and its number for the calls of one rule': {
    world: without(base, 'Peer', 'peer-01'),
    finds: [
      `trunks/trunk-01: Without it 1 of 2 kinds of calls is lost: ${RULE}. The same is lost without trunks/trunk-01 uris[0] or numbers/number-01. ${ARRIVAL}`,
    ],
  },
  'a gateway that another one stands in for': {
    world: patch(base, {
      Trunk: [
        {
          ref: 'trunk-01',
          uris: [
            { host: 'a.example', priority: 1 },
            { host: 'b.example', priority: 2 },
          ],
        },
      ],
    }),
    finds: [
      `trunks/trunk-01: Without it 2 of 3 kinds of calls are lost: ${RULE} and ${PEERS}. ${ARRIVAL}`,
      `numbers/number-01: Without it 1 of 3 kinds of calls is lost: ${RULE}.`,
    ],
  },
  'a trunk for nothing but calls from outside, to a profile': {
    world: patch(without(base, 'Peer', 'peer-01'), {
      Number: [{ ref: 'number-01', aorLink: undefined }],
      Domain: [{ ref: 'domain-01', egressPolicies: [] }],
      SipRoute: [{ ref: 'route-09', called: ['+19103434434'], profileRef: 'main' }],
    }),
    finds: [`trunks/trunk-01: ${ARRIVAL}`],
  },
  'a peer that takes the calls of a number, which ours alone dial': {
    world: patch(base, {
      Number: [{ ref: 'number-02', telUrl: 'tel:5', aorLink: 'sip:asterisk@default' }],
    }),
    finds: [
      `trunks/trunk-01: Without it 2 of 4 kinds of calls are lost: ${RULE} and ${PEERS}. ${GATEWAY} ${ARRIVAL}`,
      `numbers/number-01: Without it 1 of 4 kinds of calls is lost: ${RULE}.`,
      'peers/peer-01: Without it 1 of 4 kinds of calls is lost: numbers/number-02.',
    ],
  },
  'a group of peers, of which one is left': {
    world: patch(base, {
      Number: [{ ref: 'number-01', aorLink: 'sip:asterisk@default' }],
      Peer: [{ ref: 'peer-02', aor: 'sip:asterisk@default', contactAddr: '10.0.0.2' }],
    }),
    finds: [
      `trunks/trunk-01: Without it 2 of 3 kinds of calls are lost: ${RULE} and ${PEERS}. ${GATEWAY} ${ARRIVAL}`,
      `numbers/number-01: Without it 1 of 3 kinds of calls is lost: ${RULE}.`,
    ],
  },
};

test.each(Object.entries(examples))('%s', (_, { world, finds }) => {
  const found = judge(snapshotOf(world));
  expect(found.map(({ object, message }) => `${placeText(object)}: ${message}`)).toEqual(finds);
});

test('a rule behind one that cannot be analysed is not said to lose what the other one takes', () => {
  const rules = ['\\d{16}', '^1'].map((rule) => ({ rule, numberRef: 'number-01' }));
  const snapshot = snapshotOf(patch(base, { Domain: [{ ref: 'domain-01', egressPolicies: rules }] }));
  for (const { text, decision } of servicesOf(new Facts(snapshot)))
    if (text.includes('egressPolicies'))
      expect(text).toBe(`domains/domain-01 egressPolicies[${decision.route!.egressPolicy!.index}]`);
});
