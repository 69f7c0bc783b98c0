/** What a person asks becomes a call, every assumption a line of the trace (docs/semantics.md 2). */
import { CtlError } from '../../../src/lib/errors.js';
import { ask, NUMBER, patch, reasonsOf, seed, token, verdict, without, type Question } from './seed.js';
import type { World } from '../../support/catalog.js';

/** A second domain with extensions of the first, and a peer with the username of an agent. */
const world = patch(seed, {
  Domain: [{ ref: 'domain-02', domainUri: 'Other.Example' }],
  Agent: [
    { ref: 'agent-12', username: '1002', domainRef: 'domain-02' },
    { ref: 'agent-bob', username: 'Bob', domainRef: 'domain-02' },
    { ref: 'agent-nodomain', username: 'lonely' },
    { ref: 'agent-pbx', username: 'pbx', domainRef: 'domain-01' },
  ],
  Peer: [
    { ref: 'peer-pbx', username: 'pbx', aor: 'sip:pbx@default' },
    { ref: 'peer-a', username: 'a', aor: 'sip:pool@default' },
    { ref: 'peer-b', username: 'b', aor: 'sip:pool@default' },
    { ref: 'peer-backend', username: 'media', aor: 'backend:media' },
  ],
});

/** The error of a question, as code, message, hint and field. */
function failure(question: Question, of: World = world): [string, string, string, string] {
  try {
    ask(of, question);
  } catch (error) {
    const { code, message, hint = '', fields } = error as CtlError;
    return [code, message, hint, fields.map(({ field }) => field).join()];
  }
  throw new Error('it was decided');
}

describe('--from', () => {
  test.each([
    ['a ref', 'agent-01', 'Agent', 'agent-01', '1001', 'sip.local'],
    ['a natural key', '1002@other.example', 'Agent', 'agent-12', '1002', 'other.example'],
    ['a natural key by the domain ref', '1002@domain-02', 'Agent', 'agent-12', '1002', 'other.example'],
    ['a URI', 'sip:1002@Other.Example;transport=tcp', 'Agent', 'agent-12', '1002', 'other.example'],
    [
      'a URI with a display name',
      '"Jane \\"J\\" Doe" <sip:1001@sip.local>',
      'Agent',
      'agent-01',
      '1001',
      'sip.local',
    ],
    ['a bare user', '1001', 'Agent', 'agent-01', '1001', 'sip.local'],
    ['a bare user with separators', '10-01', 'Agent', 'agent-01', '1001', 'sip.local'],
    ['an agent without a domain', 'agent-nodomain', 'Agent', 'agent-nodomain', 'lonely', 'invalid'],
    ['the same as a bare user', 'lonely', 'Agent', 'agent-nodomain', 'lonely', 'invalid'],
    ["a peer's ref", 'peer-01', 'Peer', 'peer-01', 'asterisk', 'default'],
    ["a peer's username", 'asterisk', 'Peer', 'peer-01', 'asterisk', 'default'],
    ["a peer's aor", 'sip:asterisk@default', 'Peer', 'peer-01', 'asterisk', 'default'],
    ["a peer's backend: aor", 'backend:media', 'Peer', 'peer-backend', 'media', 'invalid'],
    ["a number's ref", 'number-01', 'Number', 'number-01', NUMBER, 'invalid'],
    ['a number', NUMBER, 'Number', 'number-01', NUMBER, 'invalid'],
    ['a tel: URL', `tel:${NUMBER}`, 'Number', 'number-01', NUMBER, 'invalid'],
    ['an outside URI', 'sip:x@carrier.example', undefined, undefined, 'x', 'carrier.example'],
    [
      'an outside URI with a display name',
      'Carrier <sip:+1@carrier.example>',
      undefined,
      undefined,
      '+1',
      'carrier.example',
    ],
    ['digits nobody has', '+1 (555) 123-4567', undefined, undefined, '+15551234567', 'invalid'],
  ])('%s: %s', (_name, from, kind, ref, user, host) => {
    const { caller, call } = ask(world, { from, dialled: 'x@y' });
    expect([caller?.kind, caller?.ref, call.from.user, call.from.host]).toEqual([kind, ref, user, host]);
  });

  test.each([
    ['"Jane \\"J\\" Doe" <sip:1001@sip.local>', undefined, 'Jane "J" Doe'],
    ['  Front Desk   <sip:1001@sip.local> ', undefined, 'Front Desk'],
    ['"a <b> c"<1001>', undefined, 'a <b> c'],
    ['<sip:1001@sip.local>', undefined, null],
    ['"" <sip:1001@sip.local>', undefined, null],
    ['"Jane" <sip:1001@sip.local>', 'John', 'John'],
    ['1001', 'John', 'John'],
  ])('the display name of %s and %j', (from, displayName, expected) => {
    const { call, caller } = ask(world, { from, dialled: '1002', ...(displayName ? { displayName } : {}) });
    expect(call.from.displayName).toBe(expected);
    expect(caller?.ref).toBe('agent-01');
  });

  test('the ref wins over a natural key', () => {
    const named = patch(world, { Agent: [{ ref: '1001', username: 'named-1001', domainRef: 'domain-01' }] });
    expect(ask(named, { from: '1001', dialled: 'x' }).call.from.user).toBe('named-1001');
  });

  test.each(['a@b', 'tel:+1', 'sip:x'])(
    'a username that reads as an address, %s, is the user',
    (username) => {
      const named = patch(world, { Agent: [{ ref: 'agent-01', username }] });
      expect(ask(named, { dialled: '1002', from: 'agent-01' }).call.from).toMatchObject({
        user: username,
        host: 'sip.local',
      });
    },
  );

  test('none: an anonymous outside caller', () => {
    const decision = ask(world, { dialled: '1000' });
    expect(decision.caller).toBeNull();
    expect(decision.call).toMatchObject({
      raw: { dialled: '1000', from: null },
      from: { user: 'anonymous', host: 'anonymous.invalid', displayName: null },
    });
    expect(decision.trace[0]).toEqual({
      stage: 'caller',
      subject: 'anonymous',
      outcome: 'assumed',
      reason: 'anonymous-caller',
      compared: null,
    });
  });

  test('digits nobody has: an outside caller, with a hint', () => {
    const decision = ask(world, { from: '5551234', dialled: 'sip:x@y' });
    expect(decision.trace[0]).toMatchObject({
      subject: '5551234',
      reason: 'outside-caller',
      outcome: 'assumed',
    });
    expect(decision.rejection!.hint).toBe(
      'Nobody has the user "5551234": it was taken for an outside caller.',
    );
  });

  test('a managed number is no assumption', () => {
    expect(reasonsOf(ask(world, { from: NUMBER, dialled: 'x@y' }), 'caller')[0]).toBe('found');
  });

  test('several have it: listed, in creation order', () => {
    expect(failure({ from: '1002', dialled: '1001' })).toEqual([
      'usage',
      '"1002" names 2 callers: agents/agent-02 (1002@sip.local), agents/agent-12 (1002@Other.Example)',
      'Give the ref or user@domain, or choose with --domain.',
      'from',
    ]);
    expect(failure({ from: 'pbx', dialled: '1' })[1]).toContain(
      'agents/agent-pbx (pbx@sip.local), peers/peer-pbx (pbx)',
    );
    expect(failure({ from: 'sip:pool@default', dialled: '1' })[1]).toContain(
      'peers/peer-a (a), peers/peer-b (b)',
    );
  });

  test('more than twenty are counted', () => {
    const many = patch(world, {
      Domain: Array.from({ length: 30 }, (_, i) => ({ ref: `d${i}` })),
      Agent: Array.from({ length: 30 }, (_, i) => ({ ref: `a${i}`, username: '7', domainRef: `d${i}` })),
    });
    expect(failure({ from: '7', dialled: '1' }, many)[1]).toMatch(/names 30 callers: .*, and 10 more$/);
  });

  test('the same ref in two kinds is ambiguous', () => {
    const same = patch(world, { Peer: [{ ref: 'agent-01', username: 'x', aor: 'sip:x@y' }] });
    expect(failure({ from: 'agent-01', dialled: '1' }, same)[0]).toBe('usage');
  });

  test.each([
    ['sip.local', 'agent-02'],
    ['domain-02', 'agent-12'],
    ['OTHER.example', 'agent-12'],
  ])('--domain %s chooses', (domain, ref) => {
    expect(ask(world, { from: '1002', dialled: '1001', domain }).caller?.ref).toBe(ref);
  });

  test('--domain that has none of them leaves it ambiguous, one nobody has is not found', () => {
    const three = patch(world, { Domain: [{ ref: 'domain-03', domainUri: 'third.example' }] });
    expect(failure({ from: '1002', dialled: '1001', domain: 'third.example' }, three)[0]).toBe('usage');
    expect(failure({ from: '1002', dialled: '1001', domain: 'no.example' })).toEqual([
      'not-found',
      'no domain is "no.example"',
      'See "ctl domains list".',
      'domain',
    ]);
  });

  test('nobody: not found, with what is near', () => {
    expect(failure({ from: 'bob', dialled: '1' })).toEqual([
      'not-found',
      'no agent or peer is "bob"',
      'Near it: agents/agent-bob.',
      'from',
    ]);
    expect(failure({ from: 'nobody', dialled: '1' })[2]).toBe('See "ctl agents list" and "ctl peers list".');
    expect(failure({ from: 'backend:nobody', dialled: '1' })[0]).toBe('not-found');
  });

  test.each(['', '  ', '<>', '"John" <>', 'sip:'])('%j is empty', (from) => {
    expect(failure({ from, dialled: '1' }).slice(0, 1)).toEqual(['usage']);
  });

  test('hostile texts are read in linear time', () => {
    const started = performance.now();
    for (const from of [
      ' '.repeat(16000) + 'x',
      '<'.repeat(16000),
      '"'.repeat(16000),
      '\\"'.repeat(8000),
      ' <'.repeat(8000) + '>',
    ])
      failure({ from, dialled: '1' });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('the host of what is dialled', () => {
  const one = without(without(world, 'Domain', 'domain-02'), 'Agent', 'agent-12', 'agent-bob');
  test.each([
    ["an agent's domain", world, { from: 'agent-12', dialled: '5' }, 'other.example', 'host-of-caller'],
    [
      "an agent's domain, by its URI",
      world,
      { from: 'sip:1002@other.example', dialled: '5' },
      'other.example',
      'host-of-caller',
    ],
    [
      "an agent's domain, whatever is named",
      world,
      { from: 'agent-12', dialled: '5', domain: 'sip.local' },
      'other.example',
      'host-of-caller',
    ],
    [
      "an agent's domain, also for a number",
      world,
      { from: '1001', dialled: NUMBER },
      'sip.local',
      'host-of-caller',
    ],
    [
      'the domain of a token',
      world,
      { dialled: '5', token: token({ domain: 'Sip.Local' }) },
      'sip.local',
      'host-of-caller',
    ],
    ['the trunk of a number', world, { dialled: NUMBER }, 'trunk.example.com', 'host-of-trunk'],
    [
      'the trunk of a number, for a peer',
      world,
      { from: 'asterisk', dialled: NUMBER },
      'trunk.example.com',
      'host-of-trunk',
    ],
    [
      'the trunk of a number, before --domain',
      world,
      { dialled: NUMBER, domain: 'sip.local' },
      'trunk.example.com',
      'host-of-trunk',
    ],
    ['--domain', world, { dialled: '1002', domain: 'domain-02' }, 'other.example', 'host-given'],
    [
      '--domain, for a peer',
      world,
      { from: 'asterisk', dialled: '1002', domain: 'other.example' },
      'other.example',
      'host-given',
    ],
    ['the only domain', one, { dialled: '1002' }, 'sip.local', 'host-only-domain'],
    [
      'the only domain, for a peer',
      one,
      { from: 'asterisk', dialled: '1002' },
      'sip.local',
      'host-only-domain',
    ],
    [
      'a number without a trunk: as anything else',
      patch(one, { Number: [{ ref: 'number-01', trunkRef: null }] }),
      { dialled: NUMBER },
      'sip.local',
      'host-only-domain',
    ],
    [
      'an agent without a domain: as anything else',
      world,
      { from: 'lonely', dialled: '5' },
      'invalid',
      'host-invalid',
    ],
    ['several domains', world, { dialled: '1002' }, 'invalid', 'host-invalid'],
  ] as const)('%s', (_name, of, question, host, reason) => {
    const { call, trace } = ask(of, question);
    expect(call.requestUri.host).toBe(host);
    expect(trace.find(({ subject }) => subject === 'requestUri.host')).toMatchObject({
      stage: 'call',
      outcome: 'assumed',
      reason,
      compared: [call.requestUri.user, host],
    });
  });

  test('is no assumption when it was dialled', () => {
    const { call, trace } = ask(world, { from: '1001', dialled: 'sip:5@Elsewhere.Example:5070' });
    expect(call.requestUri).toEqual({
      uri: 'sip:5@elsewhere.example:5070',
      user: '5',
      host: 'elsewhere.example',
      port: 5070,
    });
    expect(trace.some(({ subject }) => subject === 'requestUri.host')).toBe(false);
  });

  test('a domain nobody has is an error even so', () => {
    expect(failure({ dialled: '5', domain: 'no.example' })[0]).toBe('not-found');
  });
});

test.each([
  '',
  '  ',
  'sip:',
  'sip:sip.local',
  'backend:asterisk',
  'backend:asterisk@default',
  '@sip.local',
  'sip::hunter@x',
])('%j cannot be dialled', (dialled) => {
  const [code, message, , field] = failure({ dialled });
  expect([code, field]).toEqual(['usage', 'dialled']);
  expect(message).not.toContain('hunter');
});

describe('verdicts', () => {
  test.each([
    [{}, 'assumed'],
    [{ unauthenticated: true }, 'absent'],
    [{ password: 'secret-of-credentials-01' }, 'passed'],
    [{ password: 'secret-of-credentials-02' }, 'failed'],
    [{ from: 'asterisk', password: 'secret-of-credentials-03' }, 'passed'],
    [{ from: 'peer-a', password: 'secret-of-credentials-03' }, 'failed'],
    [{ from: '+1555', password: 'secret-of-credentials-03' }, 'failed'],
  ])('authentication with %j', (more, expected) => {
    expect(ask(world, { from: '1001', dialled: '1002@sip.local', ...more }).call.authentication).toBe(
      expected,
    );
  });

  test("a carrier authenticates with the trunk's inbound credentials", () => {
    const inbound = patch(world, { Trunk: [{ ref: 'trunk-01', inboundCredentialsRef: 'credentials-02' }] });
    const question = { from: '+1555', dialled: NUMBER };
    expect(ask(inbound, { ...question, password: 'secret-of-credentials-02' }).call.authentication).toBe(
      'passed',
    );
    expect(ask(inbound, { ...question, password: 'secret-of-credentials-03' }).call.authentication).toBe(
      'failed',
    );
  });

  test('the time is that of the request, or now', () => {
    expect(ask(world, { dialled: '1000' }).call.at).toBe('2026-01-02T03:04:05.000Z');
  });
});

describe('near misses', () => {
  const linked = patch(world, {
    SipRoute: [{ ref: 'route-04', called: ['Bot.1@sip.local'], profileRef: 'main' }],
  });
  test.each([
    ['a number without its +', { dialled: '19103434434' }, 'numbers/number-01 has "tel:+19103434434"'],
    ['a number without its country code', { dialled: '910-343-4434' }, 'numbers/number-01'],
    ['an agent in another case', { dialled: 'bob@other.example' }, 'agents/agent-bob has "Bob"'],
    ['an agent with separators', { dialled: '+1001@sip.local' }, 'agents/agent-01 has "1001"'],
    ['a peer', { dialled: 'Asterisk' }, 'peers/peer-01 has "asterisk"'],
    ['a called value', { dialled: 'Concierge' }, 'sip-routes/route-01 has "concierge"'],
    [
      'a called value with its host',
      { dialled: 'bot1@sip.local' },
      'sip-routes/route-04 has "Bot.1@sip.local"',
    ],
  ])('%s', (_name, question, hint) => {
    const decision = ask(linked, { from: '+1555000', ...question });
    expect(decision.rejection!.hint).toContain(hint);
    expect(reasonsOf(decision, 'callee')).toContain('near-miss');
  });

  test.each([
    ['bob@sip.local', 'an agent of another domain'],
    ['bot1@other.example', 'a called value of another host'],
    ['4711', 'nothing'],
  ])('%s is not near %s', (dialled) => {
    expect(ask(linked, { dialled }).rejection!.hint).toBeNull();
  });

  test('a call that leaves by a trunk all the same is warned about', () => {
    const decision = ask(linked, { from: '1001', dialled: '19103434434' });
    expect(verdict(decision)).toBe('agent-to-pstn: sip:19103434434@sip.carrier.example:5060');
    expect(decision.warnings).toMatchObject([
      { code: 'near-miss', message: expect.stringContaining('numbers/number-01') },
    ]);
  });

  test('what is off is not near', () => {
    const off = patch(linked, { SipRoute: [{ ref: 'route-01', enabled: false }] });
    expect(ask(off, { dialled: 'Concierge' }).rejection!.hint).toBeNull();
  });
});
