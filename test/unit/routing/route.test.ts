/** Where a call goes: targets, failover, failures (docs/semantics.md 7). */
import { ask, NUMBER, patch, reasonsOf, seed, token, verdict, without, type Question } from './seed.js';
import type { World } from '../../support/catalog.js';

const OUT = '+15551234567';
const john = patch(seed, { Agent: [{ ref: 'john', username: 'john', domainRef: 'domain-01' }] });
const none = { registered: 'none' } as const;

type Case = readonly [name: string, changes: World, question: Question, expected: string];
const check = (cases: readonly Case[]) =>
  test.each(cases)('%s', (_name, changes, question, expected) =>
    expect(verdict(ask(patch(john, changes), question))).toBe(expected),
  );

describe('to an agent', () => {
  const off: World = { Agent: [{ ref: 'agent-02', enabled: false }] };
  check([
    ['from an agent', {}, { from: '1001', dialled: '1002' }, 'agent-to-agent: sip:1002@sip.local'],
    ['to itself', {}, { from: '1001', dialled: '1001' }, 'agent-to-agent: sip:1001@sip.local'],
    ['from a peer', {}, { from: 'asterisk', dialled: '1002@sip.local' }, 'peer-to-agent: sip:1002@sip.local'],
    [
      'with a token',
      {},
      { dialled: 'x', token: token({ aorLink: 'sip:1002@sip.local' }) },
      'agent-to-agent: sip:1002@sip.local',
    ],
    ['disabled', off, { from: '1001', dialled: '1002', ...none }, 'agent-to-agent: 480 callee-disabled'],
    ['not registered', {}, { from: '1001', dialled: '1002', ...none }, 'agent-to-agent: 480 not-registered'],
    [
      'out of order',
      {},
      { from: '1001', dialled: '1002', down: [{ kind: 'Agent', ref: 'agent-02' }] },
      'agent-to-agent: 480 not-registered',
    ],
    [
      'another out of order',
      {},
      { from: '1001', dialled: '1002', down: [{ kind: 'Peer', ref: 'asterisk' }] },
      'agent-to-agent: sip:1002@sip.local',
    ],
    [
      'with an escaped username',
      { Agent: [{ ref: 'agent-02', username: 'j%20d' }] },
      { from: '1001', dialled: 'sip:j%20d@sip.local' },
      'agent-to-agent: sip:j%20d@sip.local',
    ],
  ]);

  test('it is assumed to be registered', () => {
    const { route, trace } = ask(john, { from: '1001', dialled: '1002' });
    expect(route).toEqual({
      targets: [
        {
          uri: 'sip:1002@sip.local',
          host: 'sip.local',
          port: null,
          transport: null,
          user: '1002',
          priority: null,
          weight: null,
          via: { kind: 'Agent', ref: 'agent-02' },
          assumed: true,
          headers: [],
        },
      ],
      gatewayCredentialsRef: null,
      egressPolicy: null,
    });
    expect(trace.at(-1)).toMatchObject({ subject: 'agents/agent-02', reason: 'registration-assumed' });
  });
});

describe('to peers', () => {
  const call = { dialled: 'x', token: token() };
  const second = { ref: 'peer-02', username: 'second', aor: 'sip:asterisk@default' };
  const third = { ref: 'peer-03', username: 'third', aor: 'sip:Asterisk@default' };
  const group: World = { Peer: [second, third] };
  const contact = (contactAddr: string): World => ({ Peer: [{ ref: 'peer-01', contactAddr }] });
  check([
    ['at its aor', {}, call, 'agent-to-peer: sip:asterisk@default'],
    ['at its contact address', contact('10.0.0.5:5080'), call, 'agent-to-peer: sip:asterisk@10.0.0.5:5080'],
    [
      'at a host without port',
      contact('pbx.example.com'),
      call,
      'agent-to-peer: sip:asterisk@pbx.example.com',
    ],
    [
      'at an IPv6 address',
      contact('[2001:db8::1]:5080'),
      call,
      'agent-to-peer: sip:asterisk@[2001:db8::1]:5080',
    ],
    ['at a bare IPv6 address', contact('2001:db8::1'), call, 'agent-to-peer: sip:asterisk@[2001:db8::1]'],
    [
      'with a scheme in its username',
      { Peer: [{ ref: 'peer-01', username: 'tel:+1', contactAddr: '10.0.0.5' }] },
      call,
      'agent-to-peer: sip:tel%3A+1@10.0.0.5',
    ],
    [
      'the aor has a port',
      { Peer: [{ ref: 'peer-01', aor: 'sip:asterisk@default:5070' }] },
      call,
      'agent-to-peer: sip:asterisk@default:5070',
    ],
    [
      'the aor has no user',
      { Peer: [{ ref: 'peer-01', aor: 'sip:pbx.example.com' }] },
      { dialled: 'x', token: token({ aorLink: 'sip:pbx.example.com' }) },
      'agent-to-peer: sip:asterisk@pbx.example.com',
    ],
    [
      'a group: one target each, in creation order',
      group,
      call,
      'agent-to-peer: sip:asterisk@default sip:asterisk@default',
    ],
    [
      'a group without the disabled',
      { Peer: [second, { ref: 'peer-01', enabled: false, contactAddr: '10.0.0.1' }] },
      call,
      'agent-to-peer: sip:asterisk@default',
    ],
    [
      'all disabled',
      { Peer: [{ ref: 'peer-01', enabled: false }] },
      call,
      'agent-to-peer: 480 callee-disabled',
    ],
    ['none registered', group, { ...call, ...none }, 'agent-to-peer: 480 not-registered'],
    [
      'none registered: who has a contact address stays',
      { Peer: [{ ...second, contactAddr: '10.0.0.2' }] },
      { ...call, ...none },
      'agent-to-peer: sip:second@10.0.0.2',
    ],
    [
      'one out of order',
      { Peer: [{ ...second, contactAddr: '10.0.0.2' }] },
      { ...call, down: [{ kind: 'Peer', ref: 'peer-02' }] },
      'agent-to-peer: sip:asterisk@default',
    ],
    [
      'all out of order',
      contact('10.0.0.5'),
      { ...call, down: [{ kind: 'Peer', ref: 'peer-01' }] },
      'agent-to-peer: 480 not-registered',
    ],
  ]);

  test('balancing and affinity are reported, and the callee is the first enabled one', () => {
    const world = patch(john, {
      Peer: [
        { ref: 'peer-01', enabled: false },
        { ...second, balancingAlgorithm: 'ROUND_ROBIN', withSessionAffinity: true },
        { ...third, aor: second.aor },
      ],
    });
    const { callee, route, trace } = ask(world, call);
    expect(callee?.ref).toBe('peer-02');
    expect(route!.targets.map(({ via }) => via.ref)).toEqual(['peer-02', 'peer-03']);
    expect(trace.find(({ reason }) => reason === 'balanced')).toMatchObject({
      subject: 'peers/peer-02',
      compared: ['sip:asterisk@default', 'ROUND_ROBIN, with session affinity'],
    });
  });

  test('a contact address needs no registration', () => {
    const { route, trace } = ask(patch(john, contact('10.0.0.5:5080')), call);
    expect(route!.targets[0]).toMatchObject({
      assumed: false,
      host: '10.0.0.5',
      port: 5080,
      user: 'asterisk',
    });
    expect(trace.at(-1)).toMatchObject({
      reason: 'contact-address',
      compared: ['sip:asterisk@default', '10.0.0.5:5080'],
    });
  });
});

describe('from the PSTN', () => {
  const call = { from: OUT, dialled: NUMBER };
  const number = (changes: object): World => ({ Number: [{ ref: 'number-01', ...changes }] });
  check([
    ['to the linked agent', {}, call, 'from-pstn: sip:john@sip.local'],
    ['to linked peers', number({ aorLink: 'sip:asterisk@DEFAULT' }), call, 'from-pstn: sip:asterisk@default'],
    [
      'to backend: peers',
      {
        Peer: [{ ref: 'peer-01', aor: 'backend:pbx', contactAddr: '10.0.0.5' }],
        ...number({ aorLink: 'backend:pbx' }),
      },
      call,
      'from-pstn: sip:asterisk@10.0.0.5',
    ],
    ['to nobody', number({ aorLink: 'sip:nobody@sip.local' }), call, 'from-pstn: 404 link-target-unknown'],
    [
      'to an agent of no domain of ours',
      number({ aorLink: 'sip:john@elsewhere.example' }),
      call,
      'from-pstn: 404 link-target-unknown',
    ],
    ['unlinked', number({ aorLink: null }), call, 'from-pstn: 404 number-not-linked'],
    ['disabled', { Agent: [{ ref: 'john', enabled: false }] }, call, 'from-pstn: 480 callee-disabled'],
    ['not registered', {}, { ...call, ...none }, 'from-pstn: 480 not-registered'],
    ['on-net, from an agent', {}, { from: '1001', dialled: NUMBER }, 'from-pstn: sip:john@sip.local'],
    ['on-net, from a peer', {}, { from: 'asterisk', dialled: NUMBER }, 'from-pstn: sip:john@sip.local'],
  ]);

  test('extra headers are added to every target, and the affinity header is read', () => {
    const extraHeaders = [
      { name: 'X-Room-Id', value: 'abc' },
      { name: 'X-Other', value: '1' },
    ];
    const world = patch(john, {
      Peer: [{ ref: 'peer-02', aor: 'sip:asterisk@default' }],
      ...number({ aorLink: 'sip:asterisk@default', extraHeaders, sessionAffinityHeader: 'X-Session' }),
    });
    const { route, trace } = ask(world, { ...call, headers: { 'x-session': '42' } });
    expect(route!.targets.map(({ headers }) => headers)).toEqual(
      Array(2).fill(extraHeaders.map((header) => ({ action: 'add', ...header }))),
    );
    expect(trace.find(({ reason }) => reason === 'affinity')!.compared).toEqual(['42', 'X-Session']);
  });

  test('a token that serves as affinity header is masked', () => {
    const world = patch(john, number({ sessionAffinityHeader: 'X-Connect-Token' }));
    const { trace } = ask(world, { ...call, headers: { 'X-Connect-Token': 'eyJ' } });
    expect(trace.find(({ reason }) => reason === 'affinity')!.compared).toEqual([
      '********',
      'X-Connect-Token',
    ]);
  });
});

describe('to the PSTN', () => {
  const domain = (...egressPolicies: { rule: string; numberRef: string }[]): World => ({
    Domain: [{ ref: 'domain-01', egressPolicies }],
    Number: [{ ref: 'number-02', telUrl: 'tel:+4930111', trunkRef: 'trunk-02' }],
    Trunk: [
      {
        ref: 'trunk-02',
        uris: [{ host: 'de.example', port: 5061, transport: 'TLS' }],
        outboundCredentialsRef: 'credentials-03',
      },
    ],
  });
  const rules = domain(
    { rule: '^\\+49', numberRef: 'number-02' },
    { rule: '^\\+4', numberRef: 'number-01' },
    { rule: '9$', numberRef: 'number-01' },
  );
  const uris = (...list: object[]): World => ({ Trunk: [{ ref: 'trunk-01', uris: list as never }] });
  const call = { from: '1001', dialled: '+4930123456' };
  check([
    [
      'by the first rule that matches',
      rules,
      call,
      'agent-to-pstn: sip:+4930123456@de.example:5061;transport=tls',
    ],
    [
      'after normalising',
      rules,
      { ...call, dialled: '+49 (30) 123-456' },
      'agent-to-pstn: sip:+4930123456@de.example:5061;transport=tls',
    ],
    [
      'by a later rule',
      rules,
      { ...call, dialled: '+4412' },
      'agent-to-pstn: sip:+4412@sip.carrier.example:5060',
    ],
    ['unanchored', rules, { ...call, dialled: '5559' }, 'agent-to-pstn: sip:5559@sip.carrier.example:5060'],
    ['by no rule', rules, { ...call, dialled: '5558' }, 'agent-to-pstn: 404 no-egress-match'],
    ['without policies', domain(), call, 'agent-to-pstn: 404 no-egress-policy'],
    [
      'without a trunk',
      { Number: [{ ref: 'number-01', trunkRef: null }] },
      call,
      'agent-to-pstn: 503 no-trunk',
    ],
    ['without URIs', uris(), call, 'agent-to-pstn: 503 no-trunk-uri'],
    [
      'all URIs disabled',
      uris({ host: 'a.example', enabled: false }),
      call,
      'agent-to-pstn: 503 no-trunk-uri',
    ],
    [
      'trunk out of order',
      {},
      { ...call, down: [{ kind: 'Trunk', ref: 'trunk-01' }] },
      'agent-to-pstn: 503 no-trunk-uri',
    ],
    [
      'an IPv6 gateway, without port',
      uris({ host: '2001:db8::1', port: 0 }),
      call,
      'agent-to-pstn: sip:+4930123456@[2001:db8::1]',
    ],
    [
      'letters are dialled too',
      {},
      { ...call, dialled: 'taxi' },
      'agent-to-pstn: sip:taxi@sip.carrier.example:5060',
    ],
    [
      'characters that a URI cannot hold',
      {},
      { ...call, dialled: 'sip:a%22%3E%0d%0aX:%20y@sip.local' },
      'agent-to-pstn: sip:a%22%3E%0D%0AX@sip.carrier.example:5060'.replace('X@', 'X@'),
    ],
    [
      'a + beyond ASCII',
      {},
      { ...call, dialled: 'j%C3%B6rg' },
      'agent-to-pstn: sip:j%C3%B6rg@sip.carrier.example:5060',
    ],
  ]);

  test('failover: priority low first, weight high first, then as declared', () => {
    const world = patch(
      john,
      uris(
        { host: 'e.example', priority: 2 },
        { host: 'c.example', priority: 1, weight: 10 },
        { host: 'off.example', priority: 0, enabled: false },
        { host: 'd.example', priority: 1, weight: 10 },
        { host: 'b.example', priority: 1, weight: 20 },
        { host: 'a.example', priority: 0, weight: 1, transport: 'WSS', port: 443 },
      ),
    );
    const { targets } = ask(world, call).route!;
    expect(targets.map(({ host }) => host)).toEqual(['a', 'b', 'c', 'd', 'e'].map((h) => `${h}.example`));
    expect(targets[0]).toMatchObject({
      port: 443,
      transport: 'WSS',
      priority: 0,
      weight: 1,
      assumed: false,
      via: { kind: 'Trunk', ref: 'trunk-01' },
    });
  });

  test('the policy and the credentials are named', () => {
    const { route } = ask(patch(john, rules), call);
    expect(route!.egressPolicy).toEqual({ index: 0, rule: '^\\+49', numberRef: 'number-02' });
    expect(route!.gatewayCredentialsRef).toBe('credentials-03');
    expect(ask(patch(john, rules), { ...call, dialled: '+4412' }).route).toMatchObject({
      egressPolicy: { index: 1 },
      gatewayCredentialsRef: null,
    });
  });

  test('explained: every rule and URI', () => {
    const world = patch(
      patch(john, rules),
      uris({ host: 'a.example' }, { host: 'off.example', enabled: false }),
    );
    const { trace } = ask(world, { ...call, dialled: '+449', explain: true });
    expect(
      trace.filter(({ stage }) => stage === 'route').map(({ subject, reason }) => [subject, reason]),
    ).toEqual([
      ['domains/domain-01 egressPolicies[0]', 'egress-differs'],
      ['domains/domain-01 egressPolicies[1]', 'egress-matched'],
      ['domains/domain-01 egressPolicies[2]', 'egress-later'],
      ['trunks/trunk-01', 'trunk-selected'],
      ['trunks/trunk-01 uris[0]', 'uri-selected'],
      ['trunks/trunk-01 uris[1]', 'uri-disabled'],
    ]);
  });

  test('explained: a trunk out of order selects no URI', () => {
    const decision = ask(john, { ...call, explain: true, down: [{ kind: 'Trunk', ref: 'trunk-01' }] });
    expect(reasonsOf(decision, 'route')).toEqual([
      'egress-matched',
      'trunk-selected',
      'out-of-order',
      'no-trunk-uri',
    ]);
  });

  test.each([
    ['+4930123456@sip.local', []],
    ['+4930123456', []],
    ['+4930123456@gmail.example', ['foreign-host']],
    ['911', []],
  ])('warnings when an agent dials %s', (dialled, codes) => {
    expect(ask(john, { from: '1001', dialled }).warnings.map(({ code }) => code)).toEqual(codes);
  });

  test('an emergency call that reaches nothing is a warning', () => {
    for (const dialled of ['112', '911']) {
      const { warnings } = ask(patch(john, rules), { from: '1001', dialled });
      expect(warnings).toMatchObject([
        { code: 'emergency', message: expect.stringContaining('is rejected') },
      ]);
    }
  });
});

describe('from a peer to the PSTN', () => {
  const call = { from: 'asterisk', dialled: '+4930123456' };
  check([
    [
      'by the number it names',
      {},
      { ...call, headers: { 'x-dod-number': NUMBER } },
      'peer-to-pstn: sip:+4930123456@sip.carrier.example:5060',
    ],
    [
      'as a tel: URL',
      {},
      { ...call, headers: { 'X-DOD-Number': `tel:${NUMBER}` } },
      'peer-to-pstn: sip:+4930123456@sip.carrier.example:5060',
    ],
    [
      'with separators',
      {},
      { ...call, headers: { 'X-DOD-Number': '+1 (910) 343-4434' } },
      'peer-to-pstn: sip:+4930123456@sip.carrier.example:5060',
    ],
    ['naming none', {}, call, 'peer-to-pstn: 400 dod-number-missing'],
    [
      'naming nothing',
      {},
      { ...call, headers: { 'X-DOD-Number': '' } },
      'peer-to-pstn: 404 dod-number-unknown',
    ],
    [
      'naming another',
      {},
      { ...call, headers: { 'X-DOD-Number': '19103434434' } },
      'peer-to-pstn: 404 dod-number-unknown',
    ],
    [
      'without a trunk',
      { Number: [{ ref: 'number-01', trunkRef: null }] },
      { ...call, headers: { 'X-DOD-Number': NUMBER } },
      'peer-to-pstn: 503 no-trunk',
    ],
    ['to a peer', {}, { ...call, dialled: 'asterisk@default' }, 'unknown: 403 unsupported-pair'],
  ]);

  test('no egress policy is involved', () => {
    const { route } = ask(john, { ...call, headers: { 'X-DOD-Number': NUMBER } });
    expect(route!.egressPolicy).toBeNull();
  });
});

describe('nobody to nobody', () => {
  test.each([
    [OUT, '1002@sip.local'],
    [OUT, 'asterisk@default'],
    [OUT, '5555'],
    [NUMBER, '1002@sip.local'],
  ])('%s to %s', (from, dialled) => {
    expect(verdict(ask(without(john, 'SipRoute', 'route-01'), { from, dialled }))).toBe(
      'unknown: 403 unknown-parties',
    );
  });
});
