import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../src/lib/routing/decision.js';
import { decisionView } from '../../src/lib/cli/output/decision.js';
import { printerFor, type PrintOptions } from '../../src/lib/cli/output/index.js';
import { memoryTerminal } from '../support/terminal.js';

const base: Decision = {
  schema: 'ctl.decision/v1',
  revision: 12,
  call: {
    raw: { dialled: '+17853178070', from: '1001' },
    method: 'INVITE',
    from: { user: '1001', host: 'sip.local', displayName: null },
    requestUri: { uri: 'sip:+17853178070@sip.local', user: '+17853178070', host: 'sip.local', port: null },
    source: null,
    headers: [],
    at: '2026-11-21T10:00:00.000Z',
    authentication: 'assumed',
    connectToken: 'none',
    registered: 'assume',
    down: [],
  },
  routingType: 'agent-to-pstn',
  caller: { kind: 'Agent', ref: 'agent-01', name: 'John Doe' },
  callee: null,
  verdict: 'route',
  profile: null,
  route: null,
  rejection: null,
  warnings: [],
  trace: [
    {
      stage: 'access',
      subject: 'agents/agent-01',
      outcome: 'assumed',
      reason: 'authentication-assumed',
      compared: null,
    },
    {
      stage: 'route',
      subject: 'egressPolicies[0]',
      outcome: 'match',
      reason: 'egress-matched',
      compared: ['+17853178070', '.*'],
    },
  ],
};

const target = {
  host: 'sip.carrier.example',
  port: 5060,
  transport: 'UDP',
  user: '+17853178070',
  weight: 1,
  via: { kind: 'Trunk', ref: 'trunk-01' },
  assumed: false,
} as const;

const routed: Decision = {
  ...base,
  route: {
    targets: [
      {
        ...target,
        uri: 'sip:+17853178070@sip.carrier.example:5060',
        priority: 0,
        headers: [
          { action: 'remove', name: 'Privacy', value: null },
          { action: 'add', name: 'Privacy', value: 'none' },
        ],
      },
      { ...target, uri: 'sip:+17853178070@backup.carrier.example', priority: 1, headers: [] },
    ],
    gatewayCredentialsRef: 'credentials-02',
    egressPolicy: { index: 0, rule: '.*', numberRef: 'number-01' },
  },
  warnings: [{ code: 'foreign-host', message: 'The call leaves by the PSTN. "other".' }],
};

const handled: Decision = {
  ...base,
  call: { ...base.call, raw: { dialled: '1000', from: null } },
  routingType: 'unknown',
  caller: null,
  verdict: 'profile',
  profile: {
    ref: 'main',
    name: 'main',
    sipRoute: 'concierge',
    called: '1000',
    persona: { ref: 'concierge', name: 'concierge', instructions: 'You are the concierge.\nBe brief.' },
    policy: { ref: 'policy-01', name: 'concierge', functions: ['book_table', 'call_taxi'], adapters: [] },
    realtime: { ref: 'deepgram_rt', name: 'deepgram_rt', type: 'realtime', provider: 'deepgram' },
    stt: null,
    llm: null,
    tts: null,
  },
};

const rejected: Decision = {
  ...base,
  verdict: 'reject',
  rejection: {
    sipStatus: 404,
    reason: 'no-egress-match',
    message: "No egress policy of the caller's domain matches.",
    hint: 'numbers/number-01 has "17853178070", which differs from "+17853178070" and is not a match.',
  },
};

async function shown(
  decision: Decision,
  { width, explain = false, ...options }: PrintOptions & { width?: number; explain?: boolean } = {},
): Promise<string> {
  const { terminal, stdout } = memoryTerminal(width === undefined ? {} : { width });
  await printerFor(terminal.out, decisionView({ explain }), options).one(decision);
  return stdout.text;
}

describe('a decision for a person', () => {
  test('routed: targets in order with their header changes, and warnings', async () => {
    expect(await shown(routed))
      .toBe(`1001@sip.local → +17853178070: agent-to-pstn, routed to sip:+17853178070@sip.carrier.example:5060 via trunk-01

Caller  agent John Doe (agent-01)
Callee  nobody of ours

Egress   policy 1, rule ".*", number number-01
Gateway  authenticated with credentials credentials-02

Targets, in the order they would be tried:
  1. sip:+17853178070@sip.carrier.example:5060  via trunk trunk-01, UDP, priority 0, weight 1
     remove Privacy
     add Privacy: none
  2. sip:+17853178070@backup.carrier.example  via trunk trunk-01, UDP, priority 1, weight 1

Warning foreign-host: The call leaves by the PSTN. "other".
`);
  });

  test('handled: the profile with all that it consists of', async () => {
    expect(await shown(handled))
      .toBe(`anonymous → 1000: unknown, handled by profile main (SIP route concierge)

Caller  nobody of ours
Callee  nobody of ours

Profile         main, by SIP route concierge through "1000"
Persona         concierge
  instructions  You are the concierge.\\nBe brief.
Policy          concierge (policy-01)
  functions     book_table, call_taxi
realtime        deepgram_rt, provider deepgram
`);
  });

  test('rejected: the status, the reason and the hint', async () => {
    expect(await shown(rejected))
      .toBe(`1001@sip.local → +17853178070: agent-to-pstn, rejected 404 no-egress-match: No egress policy of the caller's domain matches.

Caller  agent John Doe (agent-01)
Callee  nobody of ours

Hint: numbers/number-01 has "17853178070", which differs from "+17853178070" and is not a match.
`);
  });

  test('explained: the trace as a table', async () => {
    const text = await shown(rejected, { explain: true });
    expect(text.slice(text.indexOf('Trace:'))).toBe(`Trace:
┌────────┬───────────────────┬─────────┬────────────────────────┬──────────────┬───────────────┐
│ STAGE  │ SUBJECT           │ OUTCOME │ REASON                 │ CALL         │ CONFIGURATION │
├────────┼───────────────────┼─────────┼────────────────────────┼──────────────┼───────────────┤
│ access │ agents/agent-01   │ assumed │ authentication-assumed │              │               │
│ route  │ egressPolicies[0] │ match   │ egress-matched         │ +17853178070 │ .*            │
└────────┴───────────────────┴─────────┴────────────────────────┴──────────────┴───────────────┘
`);
  });

  test('colours say what became of the call', async () => {
    expect(await shown(handled, { width: 80 })).toContain('\u001b[32mhandled by');
    expect(await shown(rejected, { width: 80 })).toContain('\u001b[31mrejected 404');
    expect(await shown(routed, { width: 80 })).toContain('\u001b[33mWarning foreign-host:');
  });

  test('hostile names cannot drive the terminal', async () => {
    const hostile = JSON.parse(
      JSON.stringify({ ...handled, ...routed, profile: handled.profile }).replaceAll(
        'con',
        '\\u001b[2J\\u202e',
      ),
    ) as Decision;
    expect((await shown(hostile, { explain: true })).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

describe('a decision for a program', () => {
  test('JSON is the document itself', async () => {
    expect(JSON.parse(await shown(routed, { format: 'json' }))).toEqual(routed);
  });

  test('CSV and --fields have the verdict in columns', async () => {
    expect(await shown(rejected, { format: 'csv' })).toBe(
      'from,dialled,routingType,verdict,target,profile,reason\n1001@sip.local,+17853178070,agent-to-pstn,reject,,,no-egress-match\n',
    );
    expect(await shown(handled, { fields: 'verdict,profile', headers: false })).toBe('profile\tmain\n');
  });
});
