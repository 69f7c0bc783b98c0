/** Which SIP route takes a call, and the profile it selects (docs/semantics.md 6). */
import { ask, NUMBER, patch, reasonsOf, seed, token, verdict, without } from './seed.js';
import { snapshotOf, type Entry, type World } from '../../support/catalog.js';

const OUT = '+15551234567';

/** The seed with agent john, and these SIP routes alone, all to `main`. */
function routed(...routes: (Omit<Entry, 'ref'> & { called: string[] })[]): World {
  const SipRoute = routes.map((route, i) => ({ ref: `r${i + 1}`, profileRef: 'main', ...route }));
  return patch({ ...seed, SipRoute }, { Agent: [{ ref: 'john', username: 'john', domainRef: 'domain-01' }] });
}
const codes = (world: World, question: Parameters<typeof ask>[1]) =>
  ask(world, question).warnings.map(({ code }) => code);

describe('both profiles of the documentation', () => {
  test.each([
    ['1000', 'main', 'concierge', 'concierge', 'deepgram_rt'],
    ['concierge', 'main', 'concierge', 'concierge', 'deepgram_rt'],
    ['2000', 'openai_realtime_profile', 'concierge', 'default', 'openai_realtime_voice'],
    ['3000', 'openai_realtime_profile', 'concierge', 'default', 'openai_realtime_voice'],
  ])('%s selects %s', (dialled, ref, persona, policy, realtime) => {
    const { verdict, profile, route, rejection } = ask(seed, { dialled });
    expect({ verdict, route, rejection }).toEqual({ verdict: 'profile', route: null, rejection: null });
    expect(profile).toMatchObject({ ref, name: ref, called: dialled, stt: null, llm: null, tts: null });
    expect([profile!.persona.ref, profile!.policy.ref, profile!.realtime!.ref]).toEqual([
      persona,
      policy,
      realtime,
    ]);
  });

  test('persona, policy and modalities are written out', () => {
    const { profile } = ask(seed, { dialled: '1000' });
    expect(profile!.persona).toEqual({ ref: 'concierge', name: 'concierge', instructions: 'Be kind.' });
    expect(profile!.policy).toEqual({ ref: 'concierge', name: 'concierge', functions: [], adapters: [] });
    expect(profile!.realtime).toEqual({
      ref: 'deepgram_rt',
      name: 'deepgram_rt',
      type: 'realtime',
      provider: 'provider',
    });
  });

  test('a pipeline has stt, llm and tts instead', () => {
    const world = patch(seed, {
      Modality: ['stt', 'llm', 'tts'].map((type) => ({ ref: type, type })),
      Profile: [{ ref: 'main', realtimeRef: null, sttRef: 'stt', llmRef: 'llm', ttsRef: 'tts' }],
    });
    const { profile } = ask(world, { dialled: '1000' });
    expect([profile!.realtime, profile!.stt!.ref, profile!.llm!.ref, profile!.tts!.ref]).toEqual([
      null,
      'stt',
      'llm',
      'tts',
    ]);
  });

  test('an unlisted value selects none: there is no default', () => {
    expect(verdict(ask(seed, { dialled: '4000' }))).toBe('unknown: 403 unknown-parties');
  });
});

describe('called values', () => {
  test.each([
    ['the request user', ['1000'], '1000@anywhere.example', '1000'],
    ['user@host', ['1000@sip.local'], 'sip:1000@SIP.local', '1000@sip.local'],
    ['not another host', ['1000@sip.local'], '1000@other.example', undefined],
    ['as a URI', ['sip:1000@sip.local;user=phone'], '1000@sip.local', 'sip:1000@sip.local;user=phone'],
    ['with separators', ['+1 (910) 555-0000'], '+1-910-555-0000', '+1 (910) 555-0000'],
    ['with an escape', ['sip:con%63ierge@sip.local'], 'concierge@sip.local', 'sip:con%63ierge@sip.local'],
    ['not without its +', ['+19105550000'], '19105550000', undefined],
    ['not in another case', ['Concierge'], 'concierge', undefined],
    ['not a backend: one', ['backend:1000'], '1000', undefined],
    ['not a user at a host as a user with an @', ['a@b.example'], 'sip:a%40b.example@sip.local', undefined],
    ['a user with an @', ['sip:a%40b'], 'sip:a%40b@sip.local', 'sip:a%40b'],
    ['nor one that is dialled as a user', ['backend:bot'], 'sip:backend%3Abot@sip.local', undefined],
    ['but a user that begins so', ['sip:backend%3Abot'], 'sip:backend%3Abot@sip.local', 'sip:backend%3Abot'],
    ['not a part', ['100'], '1000', undefined],
    ['not a pattern', ['.*'], '1000', undefined],
  ])('%s', (_name, called, dialled, reported) => {
    expect(ask(routed({ called }), { dialled }).profile?.called).toBe(reported);
  });

  test.each([
    ['its E.164', [`tel:${NUMBER}`], `tel:${NUMBER}`],
    ['the user of its link', ['john'], 'john'],
    ['the address of its link', ['sip:john@SIP.LOCAL'], 'sip:john@SIP.LOCAL'],
    ['not another user', ['jane'], undefined],
  ])('of a number: %s', (_name, called, reported) => {
    expect(ask(routed({ called }), { from: OUT, dialled: NUMBER }).profile?.called).toBe(reported);
  });

  test('of a number with a backend: link, with its scheme', () => {
    const link = (called: string) =>
      ask(patch(routed({ called: [called] }), { Number: [{ ref: 'number-01', aorLink: 'backend:bot@x' }] }), {
        from: OUT,
        dialled: NUMBER,
      }).profile?.called;
    expect(['bot', 'bot@x', 'backend:bot', 'backend:bot@x'].map(link)).toEqual([
      undefined,
      undefined,
      'backend:bot',
      'backend:bot@x',
    ]);
  });
});

describe('order', () => {
  test('the first route by position wins, whatever the order of creation and of values', () => {
    const world = routed({ called: ['a', '1000@sip.local'] }, { called: ['1000'] });
    expect(ask(world, { dialled: '1000@sip.local' }).profile?.sipRoute).toBe('r1');
    expect(ask(world, { dialled: '1000@other.example' }).profile?.sipRoute).toBe('r2');
  });

  test('the order of values only says which one is reported', () => {
    const world = routed({ called: ['1000@sip.local', '1000'] });
    expect(ask(world, { dialled: '1000@sip.local' }).profile?.called).toBe('1000');
  });

  test('a disabled route is not there', () => {
    const world = routed({ called: ['1000'], enabled: false }, { called: ['1000'] });
    expect(ask(world, { dialled: '1000' }).profile?.sipRoute).toBe('r2');
    expect(codes(world, { dialled: '1000' })).toEqual(['open-profile']);
  });

  test('a value in two routes: the first wins, the others are named', () => {
    const { profile, warnings } = ask(seed, { dialled: 'openai_realtime_profile' });
    expect(profile?.sipRoute).toBe('route-02');
    expect(warnings[0]).toMatchObject({
      code: 'overlap',
      message: expect.stringContaining('sip-routes/route-03'),
    });
  });
});

describe('the catch-all', () => {
  const world = routed({ called: ['*'] }, { called: ['1000'] });

  test.each([
    ['from outside to nobody', { from: OUT, dialled: '5555' }, 'unknown: profile main by * of r1'],
    [
      'from outside to an agent',
      { from: OUT, dialled: '1002@sip.local' },
      'unknown: profile main by * of r1',
    ],
    ['after every other route', { from: OUT, dialled: '1000' }, 'unknown: profile main by 1000 of r2'],
    [
      'not from an agent to nobody',
      { from: '1001', dialled: '5555' },
      'agent-to-pstn: sip:5555@sip.carrier.example:5060',
    ],
    [
      'not from an agent to an agent',
      { from: '1001', dialled: '1002' },
      'agent-to-agent: sip:1002@sip.local',
    ],
    [
      'not from a peer to a peer',
      { from: 'asterisk', dialled: 'asterisk@default' },
      'unknown: 403 unsupported-pair',
    ],
    [
      'not from a peer to nobody',
      { from: 'asterisk', dialled: '5555' },
      'peer-to-pstn: 400 dod-number-missing',
    ],
    ['not with a token', { dialled: '5555', token: token() }, 'agent-to-peer: sip:asterisk@default'],
    ['not to a linked number', { from: OUT, dialled: NUMBER }, 'from-pstn: sip:john@sip.local'],
    [
      'not what an agent dials by escapes',
      { from: '1001', dialled: 'sip:%20*@sip.local' },
      'agent-to-pstn: sip:*@sip.carrier.example:5060',
    ],
    [
      'nor by control characters',
      { from: '1001', dialled: 'sip:%00catch-all@sip.local' },
      'agent-to-pstn: sip:%00catch-all@sip.carrier.example:5060',
    ],
  ])('%s', (_name, question, expected) => expect(verdict(ask(world, question))).toBe(expected));

  test('takes numbers without a link, from outside only', () => {
    const unlinked = patch(world, { Number: [{ ref: 'number-01', aorLink: null }] });
    expect(verdict(ask(unlinked, { from: OUT, dialled: NUMBER }))).toBe('from-pstn: profile main by * of r1');
    expect(verdict(ask(unlinked, { from: '1001', dialled: NUMBER }))).toBe(
      'from-pstn: 404 number-not-linked',
    );
  });

  test('not a linked number of which the link names nobody', () => {
    const dangling = without(world, 'Agent', 'john');
    expect(verdict(ask(dangling, { from: OUT, dialled: NUMBER }))).toBe('from-pstn: 404 link-target-unknown');
  });

  test('a disabled one takes nothing', () => {
    const off = routed({ called: ['*'], enabled: false });
    expect(verdict(ask(off, { from: OUT, dialled: '5555' }))).toBe('unknown: 403 unknown-parties');
  });
});

describe('the ACL of the winning route', () => {
  const world = routed({ called: ['1000'], accessControlListRef: 'acl-01' }, { called: ['1000'] });

  test('refuses, and does not fall through', () => {
    expect(verdict(ask(world, { dialled: '1000', sourceIp: '203.0.113.9' }))).toBe('unknown: 403 acl-denied');
  });
  test('admits', () => {
    expect(ask(world, { dialled: '1000', sourceIp: '10.0.0.1' }).profile?.sipRoute).toBe('r1');
  });
  test('is assumed to admit an address that was not given', () => {
    expect(reasonsOf(ask(world, { dialled: '1000' }), 'profile')).toEqual([
      'called-equal',
      'address-assumed',
    ]);
  });
});

describe('warnings', () => {
  const shadow = routed({ called: ['1002', 'asterisk', 'john', NUMBER] });
  const acl = { accessControlListRef: 'acl-01' };

  test.each([
    ['open', routed({ called: ['1000'] }), { dialled: '1000' }, ['open-profile']],
    [
      'open, for an outside caller to an agent',
      routed({ called: ['1002'] }),
      { dialled: '1002@sip.local' },
      ['shadowed', 'open-profile'],
    ],
    ['not open with an ACL', routed({ called: ['1000'], ...acl }), { dialled: '1000' }, []],
    ['not open to an agent', routed({ called: ['1000'] }), { from: '1001', dialled: '1000' }, []],
    ['not open behind a trunk', routed({ called: [NUMBER] }), { from: OUT, dialled: NUMBER }, ['shadowed']],
    ['shadows an agent', shadow, { from: '1001', dialled: '1002' }, ['shadowed']],
    ['shadows a peer', shadow, { from: '1001', dialled: 'asterisk@default', token: token() }, ['shadowed']],
    ['emergency', routed({ called: ['112'] }), { from: '1001', dialled: '112' }, ['emergency']],
  ])('%s', (_name, world, question, expected) => expect(codes(world, question)).toEqual(expected));

  test('the warnings name what they are about', () => {
    const { warnings } = ask(shadow, { from: '1001', dialled: '1002' });
    expect(warnings[0]!.message).toBe(
      'The SIP route takes calls from an agent, peer or number. sip-routes/r1 wins over agents/agent-02.',
    );
  });
});

describe('explained', () => {
  test('every route, in declared order, and why', () => {
    const world = routed(
      { called: ['*'] },
      { called: ['999', '998'] },
      { called: ['1000'], enabled: false },
      { called: ['1000@sip.local', '1000'] },
      { called: ['x', '1000'] },
    );
    const explained = ask(world, { from: OUT, dialled: '1000@sip.local', explain: true });
    expect(explained.trace.filter(({ stage }) => stage === 'profile')).toEqual([
      {
        stage: 'profile',
        subject: 'sip-routes/r2',
        outcome: 'no-match',
        reason: 'called-differs',
        compared: ['1000, 1000@sip.local', '999, 998'],
      },
      {
        stage: 'profile',
        subject: 'sip-routes/r3',
        outcome: 'no-match',
        reason: 'route-disabled',
        compared: ['1000', '1000'],
      },
      {
        stage: 'profile',
        subject: 'sip-routes/r4',
        outcome: 'match',
        reason: 'called-equal',
        compared: ['1000', '1000'],
      },
      {
        stage: 'profile',
        subject: 'sip-routes/r5',
        outcome: 'note',
        reason: 'called-later',
        compared: ['1000', '1000'],
      },
      {
        stage: 'profile',
        subject: 'sip-routes/r1',
        outcome: 'note',
        reason: 'called-later',
        compared: ['1000', '*'],
      },
    ]);
  });

  test.each([
    [{ from: OUT, dialled: '5555' }, ['called-differs', 'catch-all']],
    [{ from: '1001', dialled: '5555' }, ['called-differs', 'catch-all-excluded', 'no-sip-route']],
  ])('%j', (question, reasons) => {
    const world = routed({ called: ['1000'] }, { called: ['*'] });
    expect(reasonsOf(ask(world, { ...question, explain: true }), 'profile')).toEqual(reasons);
  });

  test('costs no more lines when it is not asked for', () => {
    const snapshot = snapshotOf(seed);
    expect(reasonsOf(ask(snapshot, { dialled: '1000' }), 'profile')).toEqual(['called-equal']);
    expect(reasonsOf(ask(snapshot, { dialled: '4000' }), 'profile')).toEqual(['no-sip-route']);
  });
});
