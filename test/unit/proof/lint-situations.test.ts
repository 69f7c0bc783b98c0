/** Situations that lint finds beside the plain ones of each check, with calls that show them. */
import type { AccessControlList } from '../../../src/lib/kinds/acl.js';
import { admission } from '../../../src/lib/proof/lint/checks/guards.js';
import { Facts } from '../../../src/lib/proof/lint/facts.js';
import { placeText, type Finding } from '../../../src/lib/proof/lint/finding.js';
import { lint } from '../../../src/lib/proof/lint/index.js';
import { admits } from '../../../src/lib/routing/acl.js';
import type { Decision } from '../../../src/lib/routing/decision.js';
import { snapshotOf, type World } from '../../support/catalog.js';
import { patch, seed, verdict, without } from '../routing/seed.js';
import { cases, fc } from '../../support/property.js';

/** A configuration without findings. */
const sound: World = without(
  patch(seed, {
    Number: [{ ref: 'number-01', aorLink: 'sip:1001@sip.local' }],
    SipRoute: [{ ref: 'route-03', called: ['3000'] }],
  }),
  'AccessControlList',
  'acl-01',
);
const base = patch(sound, { Domain: [{ ref: 'domain-01', accessControlListRef: undefined }] });

interface Situation {
  readonly code: string;
  readonly world: World;
  /** Object, message, and what the call of the finding comes to. */
  readonly finds: readonly (readonly [text: string, shown: string | undefined])[];
}

const agent = (ref: string, username: string, domainRef = 'domain-01') => ({
  ...{ ref, username, domainRef, credentialsRef: 'credentials-01' },
});
const peer = (ref: string, fields: object = {}) => ({ ref, credentialsRef: 'credentials-01', ...fields });

/** Who is called, and what becomes of it. */
const shownBy = (decision: Decision | undefined): string | undefined =>
  decision && `${decision.callee?.ref ?? 'nobody'}, ${verdict(decision)}`;

const situations: Record<string, Situation> = {
  'two agents of a domain whose users differ in separators alone': {
    code: 'collision',
    world: patch(base, { Agent: [agent('agent-03', '10-01')] }),
    finds: [
      [
        'agents/agent-03: Whoever dials 1001 finds agents/agent-01 instead.',
        'agent-01, unknown: 403 unknown-parties',
      ],
    ],
  },
  'two peers whose users differ in separators alone': {
    code: 'collision',
    world: patch(base, {
      Peer: [peer('peer-02', { username: '55-5' }), peer('peer-03', { username: '555' })],
    }),
    finds: [
      [
        'peers/peer-03: Whoever dials 555 finds peers/peer-02 instead.',
        'peer-02, unknown: 403 unknown-parties',
      ],
    ],
  },
  'two such peers of one group': {
    code: 'collision',
    world: patch(base, {
      Peer: [
        peer('peer-02', { username: '55-5', aor: 'sip:pool@default' }),
        peer('peer-03', { username: '555', aor: 'sip:pool@default' }),
      ],
    }),
    finds: [],
  },
  'a peer with the address of an agent': {
    code: 'collision',
    world: patch(base, { Peer: [peer('peer-02', { aor: 'sip:1001@sip.local' })] }),
    finds: [
      [
        'peers/peer-02 aor: Whoever dials sip:1001@sip.local finds agents/agent-01, a link to it this peer.',
        'agent-01, unknown: 403 unknown-parties',
      ],
    ],
  },
  'a called value with a host, nearly an agent of that host': {
    code: 'near-duplicate',
    world: patch(base, {
      Agent: [agent('agent-03', 'John')],
      SipRoute: [
        { ref: 'route-09', called: ['sip:john@sip.local', 'sip:john@else.where'], profileRef: 'main' },
      ],
    }),
    finds: [
      [
        'agents/agent-03: "John" is nearly "john" of sip-routes/route-09 called[0], but not equal to it.',
        'agent-03, unknown: 403 unknown-parties',
      ],
    ],
  },
  'agents of two domains are not mistaken for each other, those of one are, in each of them': {
    code: 'near-duplicate',
    world: patch(base, {
      Domain: [{ ref: 'domain-02', domainUri: 'other.local' }],
      Agent: [
        agent('a1', 'ann'),
        agent('b1', 'bob'),
        agent('b2', 'bob', 'domain-02'),
        agent('b3', 'Bob'),
        agent('b4', 'Bob', 'domain-02'),
        agent('a2', 'Ann', 'domain-02'),
      ],
    }),
    finds: [
      [
        'agents/b3: "Bob" is nearly "bob" of agents/b1, but not equal to it.',
        'b3, unknown: 403 unknown-parties',
      ],
      [
        'agents/b4: "Bob" is nearly "bob" of agents/b2, but not equal to it.',
        'b4, unknown: 403 unknown-parties',
      ],
    ],
  },
  'a called value that is nearly an agent of many domains is told of once': {
    code: 'near-duplicate',
    world: patch(base, {
      Domain: [{ ref: 'domain-02', domainUri: 'other.local' }],
      Agent: [agent('a1', 'Ann'), agent('a2', 'Ann', 'domain-02')],
      SipRoute: [{ ref: 'route-09', called: ['ann'], profileRef: 'main' }],
    }),
    finds: [
      [
        'agents/a1: "Ann" is nearly "ann" of sip-routes/route-09 called[0], but not equal to it.',
        'a1, unknown: 403 unknown-parties',
      ],
    ],
  },
  'addresses of peers that were meant to be one group': {
    code: 'near-duplicate',
    world: patch(base, {
      Peer: [
        peer('p1', { aor: 'backend:pool' }),
        peer('p2', { aor: 'backend:Pool' }),
        peer('p3', { aor: 'sip:POOL@x' }),
      ],
    }),
    finds: [
      [
        'peers/p2 aor: "backend:Pool" is nearly "backend:pool" of peers/p1 aor, but not equal to it.',
        undefined,
      ],
    ],
  },
  'numbers and called values that differ in + or in the country code': {
    code: 'near-duplicate',
    world: patch(base, {
      Number: [
        { ref: 'number-02', telUrl: 'tel:9103434434', trunkRef: 'trunk-01', aorLink: 'sip:1002@sip.local' },
      ],
      SipRoute: [{ ref: 'route-09', called: ['+1-000'], profileRef: 'main' }],
    }),
    finds: [
      [
        'sip-routes/route-09 called[0]: "+1000" is nearly "1000" of sip-routes/route-01 called[0], but not equal to it.',
        'nobody, unknown: profile main by +1-000 of route-09',
      ],
      [
        'numbers/number-02: "9103434434" is nearly "+19103434434" of numbers/number-01, but not equal to it.',
        'number-02, from-pstn: sip:1002@sip.local',
      ],
    ],
  },
  'a number without trunk that links to nobody: our own calls tell': {
    code: 'number-link-unknown',
    world: patch(base, { Number: [{ ref: 'number-02', telUrl: 'tel:5', aorLink: 'sip:jane@sip.local' }] }),
    finds: [
      [
        'numbers/number-02 aorLink: It links to sip:jane@sip.local, which nobody has.',
        'number-02, from-pstn: 404 link-target-unknown',
      ],
    ],
  },
  'the same where peers alone call': {
    code: 'number-unlinked',
    world: patch(without(base, 'Agent', 'agent-01', 'agent-02'), {
      Number: [{ ref: 'number-01', aorLink: undefined, trunkRef: undefined }],
    }),
    finds: [
      [
        'numbers/number-01 aorLink: It links to nothing, and no SIP route takes its calls.',
        'number-01, from-pstn: 404 number-not-linked',
      ],
    ],
  },
  'a trunk without URI to which an egress rule leads': {
    code: 'trunk-no-uri',
    world: patch(base, { Trunk: [{ ref: 'trunk-01', uris: [] }] }),
    finds: [['trunks/trunk-01 uris: It has no URI.', 'nobody, agent-to-pstn: 503 no-trunk-uri']],
  },
  'a peer that may register no contact, and a number whose calls it would get': {
    code: 'peer-unreachable',
    world: patch(base, {
      Peer: [
        peer('p1', { maxContacts: 0, aor: 'sip:pool@default' }),
        peer('p2', { maxContacts: 0, contactAddr: '10.0.0.1' }),
        peer('p3', { maxContacts: 0, enabled: false }),
      ],
      Number: [{ ref: 'number-01', aorLink: 'sip:pool@default' }],
    }),
    finds: [
      [
        'peers/p1 contactAddr: It has no contact address, and may register none.',
        'number-01, from-pstn: sip:pool@default',
      ],
    ],
  },
  'a route that takes a number, at the host of its trunk alone': {
    code: 'sip-route-shadows',
    world: patch(base, {
      SipRoute: [{ ref: 'route-09', called: ['sip:+19103434434@trunk.example.com'], profileRef: 'main' }],
    }),
    finds: [
      [
        'sip-routes/route-09 called[0]: "sip:+19103434434@trunk.example.com" takes the calls of numbers/number-01.',
        'number-01, from-pstn: profile main by sip:+19103434434@trunk.example.com of route-09',
      ],
    ],
  },
  'a route that is called by a backend, which no agent of that user has to do with': {
    code: 'sip-route-shadows',
    world: patch(base, {
      Peer: [peer('p1', { aor: 'backend:1001' })],
      Number: [{ ref: 'number-02', telUrl: 'tel:5', aorLink: 'backend:1001', trunkRef: 'trunk-01' }],
      SipRoute: [{ ref: 'route-09', called: ['backend:1001'], profileRef: 'main' }],
    }),
    finds: [
      [
        'sip-routes/route-09 called[0]: "backend:1001" takes the calls of numbers/number-02.',
        'number-02, from-pstn: profile main by backend:1001 of route-09',
      ],
    ],
  },
  'a route that shadows a number does not shadow the agent that the number hides': {
    code: 'sip-route-shadows',
    world: patch(base, {
      Number: [{ ref: 'number-02', telUrl: 'tel:1002', aorLink: 'sip:1001@sip.local', trunkRef: 'trunk-01' }],
      SipRoute: [{ ref: 'route-09', called: ['1002'], profileRef: 'main' }],
    }),
    finds: [
      [
        'sip-routes/route-09 called[0]: "1002" takes the calls of numbers/number-02.',
        'number-02, from-pstn: profile main by 1002 of route-09',
      ],
    ],
  },
  'a route for a backend that no number links to': {
    code: 'sip-route-never-taken',
    world: patch(base, { SipRoute: [{ ref: 'route-09', called: ['backend:pool'], profileRef: 'main' }] }),
    finds: [['sip-routes/route-09: No call reaches it: no number links to backend:pool.', undefined]],
  },
  'a backend that two routes are called by, shown by a number that links to it': {
    code: 'called-twice',
    world: patch(base, {
      Number: [{ ref: 'number-01', aorLink: 'backend:pool' }],
      SipRoute: [
        { ref: 'route-08', called: ['backend:pool'], profileRef: 'main' },
        { ref: 'route-09', called: ['5', 'backend:pool'], profileRef: 'main' },
      ],
    }),
    finds: [
      [
        'sip-routes/route-09 called[1]: Calls to "backend:pool" go to sip-routes/route-08, which comes first.',
        'number-01, from-pstn: profile main by backend:pool of route-08',
      ],
    ],
  },
  'a catch-all beside a number that is called at a host': {
    code: 'catch-all-near-called',
    world: patch(without(base, 'SipRoute', 'route-01', 'route-02', 'route-03'), {
      SipRoute: [
        { ref: 'route-08', called: ['sip:+4930@trunk.example.com'], profileRef: 'main' },
        { ref: 'rest', called: ['*'], profileRef: 'main' },
      ],
    }),
    finds: [
      [
        'sip-routes/rest: It takes 4930@trunk.example.com, which differs only in + from "+4930@trunk.example.com" of sip-routes/route-08 (and so with 1 more).',
        'nobody, unknown: profile main by * of rest',
      ],
    ],
  },
  'a catch-all beside a linked number, at the host where its calls arrive': {
    code: 'catch-all-near-called',
    world: patch(without(base, 'SipRoute', 'route-01', 'route-02', 'route-03'), {
      Number: [
        { ref: 'own', telUrl: 'tel:+4930', trunkRef: 'trunk-01' },
        { ref: 'both', telUrl: 'tel:+4940', trunkRef: 'trunk-01', aorLink: 'sip:1001@sip.local' },
        { ref: 'ways', telUrl: 'tel:4940', trunkRef: 'trunk-01', aorLink: 'sip:1001@sip.local' },
        { ref: 'nobody', telUrl: 'tel:+4950', trunkRef: 'trunk-01', aorLink: 'sip:nobody@sip.local' },
        { ref: 'inside', telUrl: 'tel:+4960', aorLink: 'sip:1001@sip.local' },
      ],
      SipRoute: [{ ref: 'rest', called: ['*'], profileRef: 'main' }],
    }),
    finds: [
      [
        'sip-routes/rest: It takes 19103434434, which differs only in + from "+19103434434" of numbers/number-01.',
        'nobody, unknown: profile main by * of rest',
      ],
    ],
  },
  'what only the unused refer to': {
    code: 'unused',
    world: patch(base, {
      Modality: [{ ref: 'rt', type: 'realtime' }],
      Persona: [{ ref: 'spare' }],
      Policy: [{ ref: 'kept' }],
      Profile: [
        { ref: 'idle', personaRef: 'spare', policyRef: 'kept', realtimeRef: 'rt' },
        { ref: 'too', personaRef: 'spare', policyRef: 'concierge', realtimeRef: 'deepgram_rt' },
        { ref: 'main', policyRef: 'kept' },
      ],
    }),
    finds: [
      ['profiles/idle: Nothing refers to it.', undefined],
      ['profiles/too: Nothing refers to it.', undefined],
      ['personas/spare: Only profiles/idle and profiles/too refer to it, and nobody uses them.', undefined],
      ['policies/concierge: Only profiles/too refers to it, and nobody uses that.', undefined],
      ['modalities/rt: Only profiles/idle refers to it, and nobody uses that.', undefined],
    ],
  },
  'a list that shuts out the agents of a domain': {
    code: 'acl-admits-no-one',
    world: patch(base, {
      AccessControlList: [{ ref: 'shut', deny: ['0.0.0.0/1', '128.0.0.0/1', '::/0'] }],
      Domain: [{ ref: 'domain-01', accessControlListRef: 'shut' }],
    }),
    finds: [
      ['acls/shut: It admits no address, of IPv4 or of IPv6.', 'agent-01, agent-to-agent: 403 acl-denied'],
    ],
  },
  'lists that guard nothing, of a trunk, a peer and a SIP route': {
    code: 'acl-admits-everyone',
    world: patch(base, {
      AccessControlList: [
        { ref: 'trunk', allow: ['::/1', '8000::/1', '10.0.0.0/8'] },
        { ref: 'peer', allow: ['0.0.0.0/0', '::/0'] },
        { ref: 'route', allow: ['0.0.0.0/0'] },
      ],
      Trunk: [{ ref: 'trunk-01', accessControlListRef: 'trunk' }],
      Peer: [{ ref: 'peer-01', accessControlListRef: 'peer' }],
      SipRoute: [{ ref: 'route-01', accessControlListRef: 'route' }],
    }),
    finds: [
      ['acls/trunk: It admits every IPv6 address.', 'number-01, from-pstn: sip:1001@sip.local'],
      ['acls/peer: It admits every IPv4 and every IPv6 address.', 'peer-01, unknown: 403 unsupported-pair'],
      ['acls/route: It admits every IPv4 address.', 'nobody, unknown: profile main by 1000 of route-01'],
    ],
  },
  'an agent whose ref a peer has too': {
    code: 'agent-cannot-authenticate',
    world: patch(base, {
      Agent: [{ ref: 'twin', username: '1003', domainRef: 'domain-01' }],
      Peer: [peer('twin')],
    }),
    finds: [
      [
        'agents/twin credentialsRef: It has no credentials: every call of it is rejected.',
        'twin, agent-to-agent: 401 no-credentials',
      ],
    ],
  },
  'an egress rule of a domain whose agents cannot call': {
    code: 'egress-unanchored',
    world: patch(base, {
      Domain: [
        {
          ref: 'domain-02',
          domainUri: 'other.local',
          egressPolicies: [{ rule: '911', numberRef: 'number-01' }],
        },
      ],
    }),
    finds: [
      [
        'domains/domain-02 egressPolicies[0]: 911 finds a match inside 0911: begin it with ^ if it means the beginning.',
        undefined,
      ],
    ],
  },
};

const textOf = ({ object, message }: Finding): string => `${placeText(object)}: ${message}`;

test('the configuration of these situations has no findings of its own', () => {
  expect([...lint(snapshotOf(base))].map(textOf)).toEqual([]);
});

test.each(Object.entries(situations))('%s', (_, { code, world, finds }) => {
  const facts = new Facts(snapshotOf(world));
  const found = [...lint(facts.snapshot)].filter((one) => one.code === code);
  const shown = found.map((one) => [
    textOf(one),
    one.witness ? shownBy(facts.decide(one.witness)) : undefined,
  ]);
  expect(shown).toEqual(finds);
});

test('what a list guards is related to it', () => {
  const { world } = situations['lists that guard nothing, of a trunk, a peer and a SIP route']!;
  const found = [...lint(snapshotOf(world))].filter(({ code }) => code === 'acl-admits-everyone');
  expect(found.map(({ related }) => related.map(placeText))).toEqual([
    ['trunks/trunk-01'],
    ['peers/peer-01'],
    ['sip-routes/route-01'],
  ]);
});

describe('access control lists', () => {
  /** The networks beside a way down the tree: with the last one they are all addresses. */
  const beside = (bits: string): string[] =>
    [...bits].map((bit, i) => networkOf(`${bits.slice(0, i)}${bit === '0' ? '1' : '0'}`));
  const networkOf = (bits: string): string => {
    const all = bits.padEnd(128, '0');
    const groups = Array.from({ length: 8 }, (_, i) =>
      parseInt(all.slice(i * 16, i * 16 + 16), 2).toString(16),
    );
    return `${groups.join(':')}/${bits.length}`;
  };
  const mapped = `${'0'.repeat(80)}${'1'.repeat(16)}`;
  const acl = (allow: string[], deny: string[] = []): AccessControlList => ({
    ...{ name: 'acl', allow, deny, extended: undefined },
  });

  test('IPv4 addresses written as those of IPv6 are none of IPv6', () => {
    expect(admission(acl(beside(mapped)), 6)).toBe('everyone');
    expect(admission(acl(beside(mapped).slice(1)), 6)).toBe('some');
    expect(admission(acl(['::ffff:0:0/97', '::ffff:128.0.0.0/97']), 4)).toBe('everyone');
    expect(admission(acl(['::ffff:0:0/95'], ['::fffe:0:0/96']), 6)).toBe('no one');
    expect(admits(acl(['::ffff:0:0/95'], ['::fffe:0:0/96']), '::ffff:10.0.0.1').allowed).toBe(false);
  });

  test('deep in the tree, too, what is left out is found', () => {
    const bits = (length: number) =>
      fc
        .array(fc.constantFrom('0', '1'), { minLength: length, maxLength: length })
        .map((all) => all.join(''));
    const address = (way: string) => networkOf(way.padEnd(128, '0')).replace('/128', '');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }).chain(bits), fc.boolean(), (way, isWhole) => {
        const list = acl([...beside(way), ...(isWhole ? [networkOf(way)] : [])]);
        expect(admission(list, 6)).toBe(isWhole ? 'everyone' : 'some');
        expect(admits(list, address(way)).allowed).toBe(isWhole);
        expect(admission(acl([], [...list.allow]), 6)).toBe(isWhole ? 'no one' : 'some');
      }),
      cases(100),
    );
  });
});
