/** Who calls, who is called, and the routing type (docs/semantics.md 3 and 4). */
import { ask, NUMBER, patch, seed, token, verdict } from './seed.js';
import { snapshotOf, type World } from '../../support/catalog.js';

/** Two domains with the same extension, a peer whose username is also an agent's, and a number that is one too. */
const twins: World = {
  AccessControlList: [{ ref: 'any', allow: ['0.0.0.0/0'] }],
  Credentials: [{ ref: 'c' }],
  Trunk: [{ ref: 't', inboundUri: 'trunk.example.com', uris: [{ host: 'gw.example' }] }],
  Number: [
    { ref: 'n', telUrl: `tel:${NUMBER}`, trunkRef: 't', aorLink: 'sip:1001@one.example' },
    { ref: 'short', telUrl: 'tel:4000', trunkRef: 't', aorLink: 'sip:1001@two.example' },
  ],
  Domain: [
    { ref: 'one', domainUri: 'one.example', egressPolicies: [{ rule: '.*', numberRef: 'n' }] },
    { ref: 'two', domainUri: 'Two.Example' },
  ],
  Agent: [
    { ref: 'a-two', username: '1001', domainRef: 'two', credentialsRef: 'c' },
    { ref: 'a-one', username: '1001', domainRef: 'one', credentialsRef: 'c' },
    { ref: 'b-one', username: '1002', domainRef: 'one', credentialsRef: 'c' },
    { ref: 'b-two', username: '1002', domainRef: 'two', credentialsRef: 'c' },
    { ref: 'a-4000', username: '4000', domainRef: 'two', credentialsRef: 'c' },
    { ref: 'jorg', username: 'J%C3%B6rg', domainRef: 'one', credentialsRef: 'c' },
  ],
  Peer: [
    { ref: 'p-1002', username: '1002', aor: 'sip:1002@pbx.example', credentialsRef: 'c' },
    { ref: 'p-bridge', username: 'bridge', aor: 'sip:room@conference.example', credentialsRef: 'c' },
    { ref: 'p-backend', username: 'media', aor: 'backend:media@default', credentialsRef: 'c' },
  ],
};
const snapshot = snapshotOf(twins);

describe('the caller', () => {
  test.each([
    ['sip:1001@one.example', 'Agent', 'a-one'],
    ['sip:1001@TWO.example', 'Agent', 'a-two'],
    ['sip:J%C3%B6rg@one.example', 'Agent', 'jorg'],
    ['sip:1002@one.example', 'Agent', 'b-one'],
    ['sip:1002@nowhere.example', 'Peer', 'p-1002'],
    ['sip:bridge@one.example', 'Peer', 'p-bridge'],
    ['sip:room@conference.example', 'Peer', 'p-bridge'],
    ['sip:room@nowhere.example', undefined, undefined],
    ['sip:4000@two.example', 'Agent', 'a-4000'],
    ['sip:4000@one.example', 'Number', 'short'],
    [`sip:${NUMBER}@carrier.example`, 'Number', 'n'],
    ['sip:+1-910-343-4434@carrier.example', 'Number', 'n'],
    ['sip:19103434434@carrier.example', undefined, undefined],
    ['sip:nobody@one.example', undefined, undefined],
    ['sip:bridge:1001@one.example', 'Peer', 'p-bridge'],
  ])('%s is %s %s', (from, kind, ref) => {
    const { caller } = ask(snapshot, { from, dialled: 'x@y' });
    expect([caller?.kind, caller?.ref]).toEqual([kind, ref]);
  });
});

describe('the callee', () => {
  test.each([
    ['1001@one.example', 'Agent', 'a-one'],
    ['1001@two.example', 'Agent', 'a-two'],
    ['1002@two.example', 'Agent', 'b-two'],
    ['1002@nowhere.example', 'Peer', 'p-1002'],
    ['4000@two.example', 'Number', 'short'],
    ['4000@nowhere.example', 'Number', 'short'],
    [`${NUMBER}@one.example`, 'Number', 'n'],
    ['bridge@nowhere.example', 'Peer', 'p-bridge'],
    ['room@Conference.Example', 'Peer', 'p-bridge'],
    ['room@nowhere.example', undefined, undefined],
    ['media@default', 'Peer', 'p-backend'],
    ['1003@one.example', undefined, undefined],
  ])('%s is %s %s', (dialled, kind, ref) => {
    const { callee } = ask(snapshot, { dialled });
    expect([callee?.kind, callee?.ref]).toEqual([kind, ref]);
  });

  test('the same extension reaches the one in the domain that is dialled, from either', () => {
    const call = (from: string, dialled: string) => verdict(ask(snapshot, { from, dialled }));
    expect(call('sip:1002@one.example', '1001')).toBe('agent-to-agent: sip:1001@one.example');
    expect(call('sip:1002@two.example', '1001')).toBe('agent-to-agent: sip:1001@Two.Example');
    expect(call('sip:1002@two.example', 'sip:1001@one.example')).toBe('agent-to-agent: 403 cross-domain');
  });

  test('the trace names the peer that was dialled, the callee is the first of its group', () => {
    const group = patch(seed, {
      Peer: [
        {
          ref: 'peer-02',
          username: 'asterisk2',
          aor: 'sip:asterisk@default',
          credentialsRef: 'credentials-03',
        },
      ],
    });
    const { callee, trace } = ask(group, { dialled: 'asterisk2' });
    expect(callee?.ref).toBe('peer-01');
    expect(trace.find(({ stage, outcome }) => stage === 'callee' && outcome === 'match')).toMatchObject({
      subject: 'peers/peer-02',
      compared: ['asterisk2', 'asterisk2'],
    });
  });
});

describe('the routing type', () => {
  const callers = { Agent: '1001', Peer: 'asterisk', Number: NUMBER, unknown: '+15551234567' };
  const callees = {
    Agent: '1002@sip.local',
    Peer: 'asterisk@default',
    Number: NUMBER,
    unknown: '+4930123456',
  };
  const table = {
    Agent: ['agent-to-agent', 'agent-to-peer', 'from-pstn', 'agent-to-pstn'],
    Peer: ['peer-to-agent', 'unknown', 'from-pstn', 'peer-to-pstn'],
    Number: ['unknown', 'unknown', 'from-pstn', 'unknown'],
    unknown: ['unknown', 'unknown', 'from-pstn', 'unknown'],
  } as const;
  const cells = Object.entries(table).flatMap(([caller, row]) =>
    Object.keys(callees).map((callee, i) => [caller, callee, row[i]!] as const),
  );

  test.each(cells)('%s to %s: %s', (caller, callee, type) => {
    const decision = ask(seed, {
      from: callers[caller as keyof typeof callers],
      dialled: callees[callee as keyof typeof callees],
    });
    expect(decision.routingType).toBe(type);
    expect([decision.caller?.kind ?? 'unknown', decision.callee?.kind ?? 'unknown']).toEqual([
      caller,
      callee,
    ]);
    expect(decision.trace.find(({ stage }) => stage === 'type')).toMatchObject({
      subject: type,
      reason: 'classified',
      compared: [caller, callee],
    });
  });

  test.each([
    ['sip:asterisk@default', 'agent-to-peer', 'Peer', 'peer-01'],
    ['sip:1002@sip.local', 'agent-to-agent', 'Agent', 'agent-02'],
    ['sip:nobody@sip.local', 'unknown', undefined, undefined],
    ['backend:asterisk@default', 'unknown', undefined, undefined],
    ['sip:asterisk@elsewhere', 'unknown', undefined, undefined],
    [`tel:${NUMBER}`, 'unknown', undefined, undefined],
  ])('a token that links to %s: %s', (aorLink, type, kind, ref) => {
    const decision = ask(seed, { from: '+15551234567', dialled: '1002', token: token({ aorLink }) });
    expect(decision.routingType).toBe(type);
    expect([decision.callee?.kind, decision.callee?.ref]).toEqual([kind, ref]);
    expect(decision.caller).toEqual({ kind: 'Agent', ref: 'agent-01', name: 'John Doe' });
  });

  test('the agent of a token need not exist', () => {
    const { caller } = ask(seed, {
      dialled: 'asterisk',
      token: token({ ref: 'guest', aor: 'sip:guest@sip.local' }),
    });
    expect(caller).toEqual({ kind: 'Agent', ref: 'guest', name: 'guest' });
  });

  test('peers with the aor of a link come before an agent at that address', () => {
    const world = patch(seed, { Peer: [{ ref: 'peer-02', username: 'p2', aor: 'sip:1002@sip.local' }] });
    const { callee } = ask(world, { dialled: 'x', token: token({ aorLink: 'sip:1002@SIP.local' }) });
    expect(callee).toMatchObject({ kind: 'Peer', ref: 'peer-02' });
  });
});
