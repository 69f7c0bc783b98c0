/** Who may call, in which order it is checked (docs/semantics.md 5). */
import { ask, NUMBER, patch, reasonsOf, seed, token, verdict, type Question } from './seed.js';
import type { World } from '../../support/catalog.js';

/** The seed with agent john, whom the number links to, and ACLs and credentials on the trunk and the peer. */
const guarded = patch(seed, {
  AccessControlList: [
    { ref: 'acl-peer', allow: ['192.0.2.0/24'] },
    { ref: 'acl-trunk', allow: ['198.51.100.0/24'] },
  ],
  Agent: [{ ref: 'john', username: 'john', domainRef: 'domain-01', credentialsRef: 'credentials-01' }],
  Domain: [{ ref: 'domain-02', domainUri: 'other.example', accessControlListRef: 'acl-01' }],
  Peer: [{ ref: 'peer-01', accessControlListRef: 'acl-peer' }],
  Trunk: [{ ref: 'trunk-01', accessControlListRef: 'acl-trunk', inboundCredentialsRef: 'credentials-03' }],
});

const OUT = '203.0.113.9';
type Case = readonly [name: string, changes: World, question: Question, expected: string];

function check(cases: readonly Case[]): void {
  test.each(cases)('%s', (_name, changes, question, expected) => {
    const decision = ask(patch(guarded, changes), question);
    expect(verdict(decision).split(': ')[1]).toBe(expected);
    if (decision.rejection) {
      const last = decision.trace.filter(({ stage }) => stage === 'access').at(-1);
      expect(last).toMatchObject({ outcome: 'fail', reason: decision.rejection.reason });
    }
  });
}

// In every group each case also fails all later checks, so that the order shows.
describe('with a token', () => {
  const all = { from: '1001', dialled: '1002', sourceIp: OUT, method: 'SUBSCRIBE', unauthenticated: true };
  const off: World = { Agent: [{ ref: 'agent-01', enabled: false }] };
  check([
    ['invalid', off, { ...all, token: { state: 'invalid' } }, '403 connect-token-invalid'],
    ['expired', off, { ...all, token: { state: 'expired' } }, '403 connect-token-expired'],
    ['method', off, { ...all, token: token({ domain: 'no.example' }) }, '403 connect-token-method'],
    [
      'no method',
      off,
      { ...all, method: 'INVITE', token: token({ allowedMethods: [] }) },
      '403 connect-token-method',
    ],
    [
      'unknown domain',
      off,
      { ...all, method: 'INVITE', token: token({ domain: 'no.example' }) },
      '403 connect-token-invalid',
    ],
    [
      'another domain',
      off,
      { ...all, method: 'INVITE', token: token({ domain: 'other.example' }) },
      '403 connect-token-invalid',
    ],
    [
      'unknown domainRef',
      off,
      { ...all, method: 'INVITE', token: token({ domainRef: 'no' }) },
      '403 connect-token-invalid',
    ],
    ['disabled agent', off, { ...all, method: 'INVITE', token: token() }, '403 caller-disabled'],
    ['address', {}, { ...all, method: 'INVITE', token: token() }, '403 acl-denied'],
    [
      'good: replaces the digest',
      {},
      { ...all, method: 'INVITE', sourceIp: '10.1.1.1', token: token() },
      'sip:asterisk@default',
    ],
    [
      'another allowed method',
      {},
      { ...all, method: 'REGISTER', sourceIp: '10.1.1.1', token: token() },
      'sip:asterisk@default',
    ],
    [
      'domain in another case',
      {},
      { dialled: 'x', token: token({ domain: 'SIP.Local' }) },
      'sip:asterisk@default',
    ],
    ['an agent nobody has', {}, { dialled: 'x', token: token({ ref: 'guest' }) }, 'sip:asterisk@default'],
    [
      'invalid, for an outside caller too',
      {},
      { dialled: '1000', token: { state: 'invalid' } },
      '403 connect-token-invalid',
    ],
    [
      'expired, for a peer too',
      {},
      { from: 'asterisk', dialled: '1001@sip.local', token: { state: 'expired' } },
      '403 connect-token-expired',
    ],
  ]);

  test('that links to nobody: refused, after its other checks', () => {
    const question = { dialled: 'x', token: token({ aorLink: 'sip:no@where' }) };
    expect(verdict(ask(guarded, question))).toBe('unknown: 404 link-target-unknown');
    expect(verdict(ask(guarded, { ...question, sourceIp: OUT }))).toBe('unknown: 403 acl-denied');
  });
});

describe('an agent', () => {
  const bare: World = { Agent: [{ ref: 'agent-01', enabled: false, domainRef: null, credentialsRef: null }] };
  const bad = { from: 'agent-01', sourceIp: OUT, unauthenticated: true };
  const none: World = { Agent: [{ ref: 'agent-01', credentialsRef: null }] };
  check([
    ['disabled', bare, { ...bad, dialled: '1002' }, '403 caller-disabled'],
    [
      'without a domain',
      { Agent: [{ ...bare.Agent![0]!, enabled: true }] },
      { ...bad, dialled: '1002@sip.local' },
      '403 no-domain',
    ],
    [
      'to an agent of another domain',
      { Agent: [...none.Agent!, { ref: 'agent-09', domainRef: 'domain-02' }] },
      { ...bad, dialled: 'agent-09@other.example' },
      '403 cross-domain',
    ],
    ['to a peer', none, { ...bad, dialled: 'asterisk' }, '403 connect-token-missing'],
    ['address', none, { ...bad, dialled: '1002' }, '403 acl-denied'],
    ['address, to the PSTN', none, { ...bad, dialled: '+4930123456' }, '403 acl-denied'],
    ['address, to a number', none, { ...bad, dialled: NUMBER }, '403 acl-denied'],
    ['no credentials', none, { ...bad, sourceIp: '10.1.1.1', dialled: '1002' }, '401 no-credentials'],
    ['no credentials, authentication assumed', none, { from: '1001', dialled: '1002' }, '401 no-credentials'],
    ['authentication absent', {}, { ...bad, sourceIp: '10.1.1.1', dialled: '1002' }, '401 unauthenticated'],
    ['wrong password', {}, { from: '1001', dialled: '1002', password: 'no' }, '401 unauthenticated'],
    [
      'right password',
      {},
      { from: '1001', dialled: '1002', password: 'secret-of-credentials-01' },
      'sip:1002@sip.local',
    ],
    ['assumed', {}, { from: '1001', dialled: '1002' }, 'sip:1002@sip.local'],
    [
      'to a number: as itself, whatever the trunk',
      {},
      { from: '1001', dialled: NUMBER, sourceIp: '10.1.1.1' },
      'sip:john@sip.local',
    ],
    ['to a profile: not skipped', {}, { from: '1001', dialled: '1000', sourceIp: OUT }, '403 acl-denied'],
    [
      'domain without an ACL',
      { Domain: [{ ref: 'domain-01', accessControlListRef: null }] },
      { from: '1001', dialled: '1002', sourceIp: OUT },
      'sip:1002@sip.local',
    ],
  ]);
});

describe('a peer', () => {
  const bare: World = { Peer: [{ ref: 'peer-01', enabled: false, credentialsRef: null }] };
  const open: World = { Peer: [{ ref: 'peer-01', accessControlListRef: null, credentialsRef: null }] };
  const listed: World = { Peer: [{ ref: 'peer-01', credentialsRef: null }] };
  const call = { from: 'asterisk', dialled: '1001@sip.local' };
  check([
    ['disabled', bare, { ...call, sourceIp: OUT, unauthenticated: true }, '403 caller-disabled'],
    ['address', listed, { ...call, sourceIp: OUT, unauthenticated: true }, '403 acl-denied'],
    ['address, with good credentials', {}, { ...call, sourceIp: OUT }, '403 acl-denied'],
    ['neither ACL nor credentials', open, call, '401 no-credentials'],
    [
      'the ACL authenticates',
      listed,
      { ...call, sourceIp: '192.0.2.7', unauthenticated: true },
      'sip:1001@sip.local',
    ],
    ['the ACL authenticates, address assumed', listed, call, 'sip:1001@sip.local'],
    [
      'credentials beside an ACL are required',
      {},
      { ...call, sourceIp: '192.0.2.7', unauthenticated: true },
      '401 unauthenticated',
    ],
    ['wrong password', {}, { ...call, password: 'no' }, '401 unauthenticated'],
    ['right password', {}, { ...call, password: 'secret-of-credentials-03' }, 'sip:1001@sip.local'],
    ['to a number, on-net', {}, { ...call, dialled: NUMBER, sourceIp: '192.0.2.7' }, 'sip:john@sip.local'],
    ['to a profile: not skipped', open, { from: 'asterisk', dialled: '1000' }, '401 no-credentials'],
  ]);
});

describe('an outside caller to a number', () => {
  const untrunked: World = { Number: [{ ref: 'number-01', trunkRef: null }] };
  const call = { from: 'sip:+15551234567@carrier.example', dialled: `${NUMBER}@trunk.example.com` };
  const bad = { sourceIp: OUT, unauthenticated: true };
  check([
    ['that has no trunk', untrunked, { ...call, ...bad }, '403 trunk-mismatch'],
    ['at another host', {}, { ...call, ...bad, dialled: `${NUMBER}@sip.local` }, '403 trunk-mismatch'],
    [
      'at another trunk',
      { Trunk: [{ ref: 'trunk-02' }] },
      { ...call, dialled: `${NUMBER}@trunk-02.example.net` },
      '403 trunk-mismatch',
    ],
    ['address', {}, { ...call, ...bad }, '403 acl-denied'],
    ['authentication absent', {}, { ...call, ...bad, sourceIp: '198.51.100.7' }, '401 unauthenticated'],
    ['wrong password', {}, { ...call, password: 'no' }, '401 unauthenticated'],
    ['right password', {}, { ...call, password: 'secret-of-credentials-03' }, 'sip:john@sip.local'],
    [
      'no inbound credentials: nothing to authenticate',
      { Trunk: [{ ref: 'trunk-01', inboundCredentialsRef: null }] },
      { ...call, sourceIp: '198.51.100.7', unauthenticated: true },
      'sip:john@sip.local',
    ],
    [
      'host in another case',
      { Trunk: [{ ref: 'trunk-01', inboundUri: 'Trunk.Example.COM' }] },
      { ...call, dialled: `${NUMBER}@TRUNK.example.com` },
      'sip:john@sip.local',
    ],
    [
      'a number of ours as the caller is outside too',
      {},
      { from: NUMBER, dialled: `${NUMBER}@sip.local` },
      '403 trunk-mismatch',
    ],
  ]);
});

describe('an outside caller to anything else', () => {
  test('is not checked', () => {
    const decision = ask(guarded, {
      from: '+15551234567',
      dialled: '1000',
      sourceIp: OUT,
      unauthenticated: true,
    });
    expect(verdict(decision)).toBe('unknown: profile main by 1000 of route-01');
    expect(reasonsOf(decision, 'access')).toEqual(['not-checked']);
  });
});

describe('what was assumed and checked is in the trace', () => {
  test.each([
    ['1001', '1002', {}, ['address-assumed', 'authentication-assumed']],
    [
      '1001',
      '1002',
      { sourceIp: '10.0.0.1', password: 'secret-of-credentials-01' },
      ['acl-allowed', 'authenticated'],
    ],
    ['+15551234567', NUMBER, {}, ['trunk-agrees', 'address-assumed', 'authentication-assumed']],
    ['1001', 'x', { token: token() }, ['token-valid', 'address-assumed']],
  ] as const)('%s to %s', (from, dialled, more, reasons) => {
    expect(reasonsOf(ask(guarded, { from, dialled, ...more }), 'access')).toEqual(reasons);
  });

  test('an ACL entry that decided is the right side of the comparison', () => {
    const { trace, rejection } = ask(guarded, { from: '1001', dialled: '1002', sourceIp: OUT });
    expect(trace.find(({ reason }) => reason === 'acl-denied')!.compared).toEqual([OUT, '0.0.0.0/0']);
    expect(rejection!.message).toContain('acls/acl-01 does not admit 203.0.113.9: "0.0.0.0/0" denies it.');
  });

  test('passwords are nowhere in a decision', () => {
    const decision = ask(guarded, {
      from: '1001',
      dialled: '1002',
      password: 'secret-of-credentials-01',
      explain: true,
    });
    expect(JSON.stringify(decision)).not.toContain('secret-of');
  });
});
