/** The lists of reasons, steps and warnings are closed: everything in them is reached by a call, and nothing else. */
import {
  rejections,
  steps,
  warnings,
  type RejectReason,
  type WarningCode,
} from '../../../src/lib/routing/reasons.js';
import { ask, NUMBER, patch, seed, token, type Question } from './seed.js';
import type { World } from '../../support/catalog.js';

type Scenario = readonly [Question, World?];

const john: World = { Agent: [{ ref: 'john', username: 'john', domainRef: 'domain-01' }] };
const outside = { from: '+15551234567', dialled: NUMBER };
const egress = { from: '1001', dialled: '+49301' };
const peer = { from: 'asterisk', dialled: '+49301' };
const dod = { ...peer, headers: { 'X-DOD-Number': NUMBER } };
const catchAll: World = { SipRoute: [{ ref: 'rest', called: ['*'], profileRef: 'main' }] };
const number = (changes: object): World => ({ Number: [{ ref: 'number-01', ...changes }] });

const rejected: { readonly [R in RejectReason]: Scenario } = {
  'connect-token-invalid': [{ dialled: '1', token: { state: 'invalid' } }],
  'connect-token-expired': [{ dialled: '1', token: { state: 'expired' } }],
  'connect-token-method': [{ dialled: '1', method: 'BYE', token: token() }],
  'connect-token-missing': [{ from: '1001', dialled: 'asterisk' }],
  'caller-disabled': [{ from: '1001', dialled: '1002' }, { Agent: [{ ref: 'agent-01', enabled: false }] }],
  'no-domain': [{ from: '1001', dialled: '1002' }, { Agent: [{ ref: 'agent-01', domainRef: null }] }],
  'cross-domain': [
    { from: '1001', dialled: '1002@b.example' },
    { Domain: [{ ref: 'b', domainUri: 'b.example' }], Agent: [{ ref: 'agent-02', domainRef: 'b' }] },
  ],
  'acl-denied': [{ from: '1001', dialled: '1002', sourceIp: '192.0.2.1' }],
  'no-credentials': [
    { from: '1001', dialled: '1002' },
    { Agent: [{ ref: 'agent-01', credentialsRef: null }] },
  ],
  unauthenticated: [{ from: '1001', dialled: '1002', unauthenticated: true }],
  'trunk-mismatch': [{ ...outside, dialled: `${NUMBER}@sip.local` }],
  'unknown-parties': [{ dialled: '4000' }],
  'unsupported-pair': [{ from: 'asterisk', dialled: 'asterisk' }],
  'dod-number-missing': [peer],
  'dod-number-unknown': [{ ...peer, headers: { 'X-DOD-Number': '1' } }],
  'no-egress-policy': [egress, { Domain: [{ ref: 'domain-01', egressPolicies: [] }] }],
  'no-egress-match': [
    egress,
    { Domain: [{ ref: 'domain-01', egressPolicies: [{ rule: '^1', numberRef: 'number-01' }] }] },
  ],
  'number-not-linked': [outside, number({ aorLink: null })],
  'link-target-unknown': [outside],
  'callee-disabled': [{ from: '1001', dialled: '1002' }, { Agent: [{ ref: 'agent-02', enabled: false }] }],
  'not-registered': [{ from: '1001', dialled: '1002', registered: 'none' }],
  'no-trunk': [egress, number({ trunkRef: null })],
  'no-trunk-uri': [egress, { Trunk: [{ ref: 'trunk-01', uris: [] }] }],
};

const warned: { readonly [W in WarningCode]: Scenario } = {
  'foreign-host': [{ ...egress, dialled: '+49301@elsewhere.example' }],
  emergency: [{ dialled: '911' }],
  'open-profile': [{ dialled: '1000' }],
  shadowed: [
    { dialled: 'concierge@sip.local' },
    { Agent: [{ ref: 'c', username: 'concierge', domainRef: 'domain-01' }] },
  ],
  overlap: [{ dialled: 'openai_realtime_profile' }],
  'acl-family': [{ from: '1001', dialled: '1002', sourceIp: '2001:db8::1' }],
  'near-miss': [{ from: '1001', dialled: '19103434434' }],
};

/** Calls that pass, which with the rejected ones take every step. */
const passed: readonly Scenario[] = [
  [{ from: '1001', dialled: '1002', sourceIp: '10.0.0.1', password: 'secret-of-credentials-01' }],
  [outside, { ...john, ...number({ sessionAffinityHeader: 'X-Session' }) }],
  [{ ...dod, domain: 'sip.local' }, { Domain: [{ ref: 'b' }] }],
  [{ dialled: '1000', domain: 'b' }, { Domain: [{ ref: 'b' }] }],
  [{ dialled: '1000' }, { Domain: [{ ref: 'b' }] }],
  [
    { from: 'asterisk', dialled: '1001' },
    { Peer: [{ ref: 'peer-01', credentialsRef: null, accessControlListRef: 'acl-01' }] },
  ],
  [
    { dialled: '1', token: token() },
    {
      Peer: [
        { ref: 'peer-01', contactAddr: '10.0.0.5' },
        { ref: 'peer-02', aor: 'sip:asterisk@default' },
      ],
    },
  ],
  [{ dialled: '5555' }, catchAll],
  [
    { from: '1001', dialled: '1000' },
    { ...catchAll, SipRoute: [...catchAll.SipRoute!, { ref: 'route-02', enabled: false }] },
  ],
  [
    { from: '1001', dialled: '911' },
    {
      Domain: [
        {
          ref: 'domain-01',
          egressPolicies: ['^1', '9', '1'].map((rule) => ({ rule, numberRef: 'number-01' })),
        },
      ],
      Trunk: [{ ref: 'trunk-01', uris: [{ host: 'a.example' }, { host: 'b.example', enabled: false }] }],
    },
  ],
  [{ ...egress, down: [{ kind: 'Trunk', ref: 'trunk-01' }] }],
];

const decided = ([question, changes = {}]: Scenario, explain: boolean) =>
  ask(patch(seed, changes), { ...question, explain });

test.each(Object.entries(rejected))('%s is reached', (reason, scenario) => {
  const [sipStatus, text] = rejections[reason as RejectReason];
  const { verdict, rejection, profile, route } = decided(scenario, false);
  expect(rejection).toMatchObject({ sipStatus, reason, message: expect.stringContaining(text) });
  expect({ verdict, profile, route }).toEqual({ verdict: 'reject', profile: null, route: null });
});

test.each(Object.entries(warned))('%s is warned about', (code, scenario) => {
  const found = decided(scenario, false).warnings.find((warning) => warning.code === code);
  expect(found!.message.startsWith(`${warnings[code as WarningCode]} `)).toBe(true);
});

test('every reason and warning has its scenario, and a line of documentation', () => {
  expect(Object.keys(rejected).sort()).toEqual(Object.keys(rejections).sort());
  expect(Object.keys(warned).sort()).toEqual(Object.keys(warnings).sort());
  const texts = [
    ...Object.values(rejections).map(([, text]) => text),
    ...Object.values(steps),
    ...Object.values(warnings),
  ];
  for (const text of texts) expect(text).toMatch(/^[A-Z].*\.$/);
});

test('every step is taken by one of them, and no other', () => {
  const all = [...Object.values(rejected), ...Object.values(warned), ...passed];
  const taken = new Set(all.flatMap((scenario) => decided(scenario, true).trace.map(({ reason }) => reason)));
  expect(
    [...Object.keys(steps), ...Object.keys(rejections)].filter((reason) => !taken.has(reason as never)),
  ).toEqual([]);
  expect([...taken].filter((reason) => !(reason in steps) && !(reason in rejections))).toEqual([]);
});
