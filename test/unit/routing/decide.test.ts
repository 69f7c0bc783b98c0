/** The decision as a document (docs/semantics.md 8), and what must not grow with the configuration. */
import type { Delta } from '../../../src/lib/kinds/catalog.js';
import { admits } from '../../../src/lib/routing/acl.js';
import { Snapshot } from '../../../src/lib/routing/snapshot.js';
import { catalogOf, resourceOf, resourcesOf, snapshotOf, type World } from '../../support/catalog.js';
import { ask, NUMBER, patch, seed, verdict } from './seed.js';

test('the whole document of a call', () => {
  const question = {
    from: '1001',
    dialled: '+49 (30) 123456',
    displayName: 'John Doe',
    sourceIp: '10.0.0.1',
    headers: { 'X-Connect-Token': 'eyJ' },
    down: [{ kind: 'Peer', ref: 'peer-01' }],
  } as const;
  const header = (action: string, name: string, value: string | null) => ({ action, name, value });
  expect(JSON.parse(JSON.stringify(ask(seed, question)))).toEqual({
    schema: 'ctl.decision/v1',
    revision: 1,
    call: {
      raw: { dialled: '+49 (30) 123456', from: '1001' },
      method: 'INVITE',
      from: { user: '1001', host: 'sip.local', displayName: 'John Doe' },
      requestUri: { uri: 'sip:+4930123456@sip.local', user: '+4930123456', host: 'sip.local', port: null },
      source: { ip: '10.0.0.1', port: null, transport: null },
      headers: [{ name: 'X-Connect-Token', value: '********' }],
      at: '2026-01-02T03:04:05.000Z',
      authentication: 'assumed',
      connectToken: 'none',
      registered: 'assume',
      down: ['peers/peer-01'],
    },
    routingType: 'agent-to-pstn',
    caller: { kind: 'Agent', ref: 'agent-01', name: 'John Doe' },
    callee: null,
    verdict: 'route',
    profile: null,
    route: {
      targets: [
        {
          uri: 'sip:+4930123456@sip.carrier.example:5060',
          host: 'sip.carrier.example',
          port: 5060,
          transport: 'UDP',
          user: '+4930123456',
          priority: 0,
          weight: 1,
          via: { kind: 'Trunk', ref: 'trunk-01' },
          assumed: false,
          headers: [
            header('remove', 'Privacy', null),
            header('add', 'Privacy', 'none'),
            header('add', 'Remote-Party-ID', `<sip:${NUMBER}@sip.carrier.example>;screen=yes;party=calling`),
            header('add', 'P-Asserted-Identity', `"John Doe" <sip:${NUMBER}@sip.carrier.example;user=phone>`),
            header('remove', 'X-DOD-Number', null),
            header('remove', 'X-DOD-Privacy', null),
            header('remove', 'X-Connect-Token', null),
          ],
        },
      ],
      gatewayCredentialsRef: null,
      egressPolicy: { index: 0, rule: '.*', numberRef: 'number-01' },
    },
    rejection: null,
    warnings: [],
    trace: [
      step('call', 'requestUri.host', 'assumed', 'host-of-caller', ['+4930123456', 'sip.local']),
      step('caller', 'agents/agent-01', 'match', 'found', ['1001@sip.local', '1001']),
      step('callee', '+4930123456@sip.local', 'no-match', 'unknown', null),
      step('type', 'agent-to-pstn', 'note', 'classified', ['Agent', 'unknown']),
      step('access', 'acls/acl-01', 'pass', 'acl-allowed', ['10.0.0.1', '10.0.0.0/8']),
      step('access', 'credentials/credentials-01', 'assumed', 'authentication-assumed', null),
      step('profile', 'sip-routes', 'no-match', 'no-sip-route', ['+4930123456, +4930123456@sip.local', '']),
      step('route', 'domains/domain-01 egressPolicies[0]', 'match', 'egress-matched', ['+4930123456', '.*']),
      step('route', 'trunks/trunk-01', 'match', 'trunk-selected', ['numbers/number-01', 'trunk.example.com']),
    ],
  });
});

const step = (
  stage: string,
  subject: string,
  outcome: string,
  reason: string,
  compared: string[] | null,
) => ({
  stage,
  subject,
  outcome,
  reason,
  compared,
});

describe('what is worked out once', () => {
  test('a profile is written out anew in the next snapshot', () => {
    const resources = resourcesOf(seed);
    const first = Snapshot.of(catalogOf(resources));
    expect(ask(first, { dialled: '1000' }).profile!.persona['instructions']).toBe('Be kind.');

    const before = resources.find(({ kind }) => kind === 'Persona')!;
    const after = resourceOf('Persona', { ref: before.ref, instructions: 'Be brief.' }, before.seq);
    const deltas: Delta[] = [{ before, after }];
    const second = first.apply(deltas, first.catalog.apply(deltas, 2));
    expect(ask(second, { dialled: '1000' }).profile!.persona['instructions']).toBe('Be brief.');
    expect(ask(first, { dialled: '1000' }).profile!.persona['instructions']).toBe('Be kind.');
  });

  test('domains with the same rules keep their own numbers', () => {
    const world = patch(seed, {
      Number: [{ ref: 'number-02', telUrl: 'tel:+4930', trunkRef: 'trunk-01' }],
      Domain: [
        {
          ref: 'domain-02',
          domainUri: 'b.example',
          egressPolicies: [{ rule: '.*', numberRef: 'number-02' }],
        },
      ],
      Agent: [{ ref: 'b', username: 'b', domainRef: 'domain-02', credentialsRef: 'credentials-01' }],
    });
    const snapshot = snapshotOf(world);
    const numberOf = (from: string) => ask(snapshot, { from, dialled: '5' }).route!.egressPolicy!.numberRef;
    expect([numberOf('1001'), numberOf('b')]).toEqual(['number-01', 'number-02']);
  });

  test('more addresses than an ACL remembers', () => {
    const acl = { name: 'a', allow: ['10.0.0.0/16'], deny: [], extended: undefined };
    for (let round = 0; round < 2; round++)
      for (let i = 0; i < 2500; i++)
        expect(admits(acl, `10.${i % 3}.${i >> 8}.${i & 255}`).allowed).toBe(i % 3 === 0);
  });

  test('the time of a call, around the second', () => {
    const snapshot = snapshotOf(seed);
    const at = (ms: number) => ask(snapshot, { dialled: '1000', at: ms }).call.at;
    for (const ms of [0, 999, 1000, 1, 86_399_999, -1, 8.64e15, -8.64e15])
      expect(at(ms)).toBe(new Date(ms).toISOString());
  });
});

test('hints do not grow with the number of domains that have an extension', () => {
  const domains = Array.from({ length: 300 }, (_, i) => `d${i}`);
  const world: World = {
    Domain: domains.map((ref) => ({ ref })),
    Agent: domains.map((ref) => ({ ref: `a-${ref}`, username: 'Bob', domainRef: ref })),
    Persona: [{ ref: 'p' }],
    Policy: [{ ref: 'p' }],
    Modality: [{ ref: 'p', type: 'realtime' }],
    Profile: [{ ref: 'p', personaRef: 'p', policyRef: 'p', realtimeRef: 'p' }],
    SipRoute: domains.map((ref) => ({ ref, called: [`Bob@${ref}.example.com`], profileRef: 'p' })),
  };
  const snapshot = snapshotOf(world);
  expect([snapshot.near('bob').length, snapshot.near('bob', 'd7.example.com').length]).toEqual([1, 1]);
  const decision = ask(snapshot, { dialled: 'bob@d7.example.com' });
  expect(verdict(decision)).toBe('unknown: 403 unknown-parties');
  expect(decision.rejection!.hint).toContain('agents/a-d7 has "Bob"');
  expect(decision.trace.filter(({ reason }) => reason === 'near-miss').map(({ subject }) => subject)).toEqual(
    ['agents/a-d7', 'sip-routes/d7'],
  );
});
