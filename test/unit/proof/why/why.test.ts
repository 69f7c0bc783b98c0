/** Why a call is not decided as expected: what is advised is proved by deciding it. */
import type { Domain } from '../../../../src/lib/kinds/domain.js';
import type { KindName, Resource } from '../../../../src/lib/kinds/kind.js';
import type { Trunk } from '../../../../src/lib/kinds/trunk.js';
import { configure, editCommand } from '../../../../src/lib/cli/route/configure.js';
import { simulateCommand } from '../../../../src/lib/cli/route/command-line.js';
import { expectationOf, type Expectation } from '../../../../src/lib/proof/suite/expectation.js';
import { decideQuestion, type Question, unmet } from '../../../../src/lib/proof/why/question.js';
import { whyNot } from '../../../../src/lib/proof/why/why.js';
import { Snapshot } from '../../../../src/lib/routing/snapshot.js';
import { snapshotOf, type World } from '../../../support/catalog.js';
import { ArbitraryWorld, callWithin, writtenAs } from '../../routing/arbitrary.js';
import { NUMBER, patch, seed, without } from '../../routing/seed.js';
import { cases, counted, fc } from '../../../support/property.js';

const expecting = (expected: Readonly<Record<string, string>>): Expectation[] =>
  Object.entries(expected).map(([name, value]) => expectationOf(name, value) as Expectation);

const question = (call: Question['call']): Question => ({ call, token: { state: 'none' }, now: 0 });

/** The stage, and the first advice of either sort as commands; undefined when all is as expected. */
function why(world: World, call: Question['call'], expected: Readonly<Record<string, string>>) {
  const snapshot = snapshotOf(world);
  const asked = question(call);
  const decision = decideQuestion(snapshot, asked, true)!;
  const found = whyNot(snapshot, asked, decision, expecting(expected), configure);
  if (!found) return undefined;
  const { prevented, call: calls, configuration } = found;
  return {
    stage: prevented.stage,
    texts: prevented.texts,
    call: calls[0] && simulateCommand(calls[0].question.call).replace('ctl route simulate ', ''),
    configuration: configuration[0]?.edits.map((edit) => editCommand(snapshot, edit).replace('ctl ', '')),
  };
}

const from = '1001@sip.local';

test('a call that is decided as expected needs no advice', () => {
  expect(why(seed, { dialled: '1000', from }, { profile: 'main' })).toBeUndefined();
});

test('a slip of what is dialled', () => {
  const found = why(seed, { dialled: '+1000', from }, { profile: 'main' })!;
  expect(found).toMatchObject({
    stage: 'profile',
    call: '1000 --from 1001@sip.local',
    configuration: ['sip-routes update route-01 --add-called +1000'],
  });
  expect(found.texts[1]).toBe(
    'sip-routes/route-01: No called value of the call equals a called value of the route. (the call: "+1000, +1000@sip.local"; configured: "1000, concierge")',
  );
});

test('an earlier route that takes the call', () => {
  const world = patch(seed, {
    SipRoute: [{ ref: 'route-03', called: ['1000'], profileRef: 'openai_realtime_profile' }],
  });
  const found = why(world, { dialled: '1000', from }, { sipRoute: 'route-03' });
  expect(found).toMatchObject({
    stage: 'profile',
    configuration: ['sip-routes update route-03 --before route-01'],
  });
});

test('what guards the call, before what it dials', () => {
  const world = patch(seed, { Agent: [{ ref: 'agent-02', enabled: false }] });
  const call = { dialled: '1002', from, source: { ip: '192.0.2.7' } };
  expect(why(world, call, { verdict: 'route', callee: 'agent-02' })).toEqual({
    stage: 'access',
    texts: [
      'acls/acl-01: The access control list does not admit the source address. (the call: "192.0.2.7"; configured: "0.0.0.0/0")',
    ],
    call: undefined,
    configuration: ['acls update acl-01 --add-allow 192.0.2.7', 'agents enable 1002@sip.local'],
  });
});

test('the trunk by which a call leaves', () => {
  const world = patch(seed, {
    Trunk: [{ ref: 'trunk-02', inboundUri: 'other.example.com', uris: [{ host: 'sip.other.example' }] }],
    Number: [{ ref: 'number-02', telUrl: 'tel:+19103434435', trunkRef: 'trunk-02' }],
    Domain: [
      {
        ref: 'domain-01',
        egressPolicies: [
          { rule: '^\\+', numberRef: 'number-01' },
          { rule: '^\\+49', numberRef: 'number-02' },
          { rule: '^00', numberRef: 'number-02' },
        ],
      },
    ],
  });
  expect(why(world, { dialled: '+4930123456', from }, { trunk: 'trunk-02' })).toMatchObject({
    stage: 'route',
    call: '004930123456 --from 1001@sip.local',
    configuration: [
      "domains update sip.local --egress 'rule=^\\+49,number=number-02' --egress 'rule=^\\+,number=number-01' --egress 'rule=^00,number=number-02'",
    ],
  });
});

test('each reason that the configuration can cure', () => {
  const cures: [World, Question['call'], string][] = [
    [
      patch(seed, { Agent: [{ ref: 'agent-01', enabled: false }] }),
      { dialled: '1002', from },
      'agents enable 1001@sip.local',
    ],
    [
      patch(seed, { Agent: [{ ref: 'agent-01', credentialsRef: null }] }),
      { dialled: '1002', from },
      'agents update 1001@sip.local --credentials credentials-01',
    ],
    [
      patch(seed, { Agent: [{ ref: 'agent-01', domainRef: null }] }),
      { dialled: '1002', from: 'agent-01' },
      'agents update agent-01 --domain domain-01',
    ],
    [seed, { dialled: NUMBER }, `numbers update ${NUMBER} --aor-link sip:1001@sip.local`],
    [
      patch(seed, { Domain: [{ ref: 'domain-01', egressPolicies: [] }] }),
      { dialled: '911', from },
      "domains update sip.local --add-egress 'rule=^911$,number=number-01'",
    ],
    [
      patch(seed, { Number: [{ ref: 'number-01', trunkRef: null }] }),
      { dialled: '911', from },
      `numbers update ${NUMBER} --trunk trunk-01`,
    ],
    [
      patch(seed, { Trunk: [{ ref: 'trunk-01', uris: [{ host: 'sip.carrier.example', enabled: false }] }] }),
      { dialled: '911', from },
      'trunks update trunk.example.com --uri host=sip.carrier.example,port=5060,transport=UDP,weight=1,priority=0,enabled=true',
    ],
  ];
  const found = cures.map(([world, call]) =>
    why(world, call, { verdict: 'route' })?.configuration?.join('; '),
  );
  expect(found).toEqual(cures.map(([, , cure]) => cure));
});

test('a profile that no SIP route selects yet', () => {
  const world = without(seed, 'SipRoute', 'route-01');
  expect(why(world, { dialled: '1000', from }, { profile: 'main' })).toMatchObject({
    call: undefined,
    configuration: ['sip-routes create --ref main --name main --called 1000 --profile main'],
  });
});

test('a peer without the header that names its number', () => {
  expect(why(seed, { dialled: '+17853178070', from: 'asterisk' }, { trunk: 'trunk-01' })).toMatchObject({
    stage: 'route',
    call: "+17853178070 --from asterisk --header 'X-DOD-Number: +19103434434'",
  });
});

test('an agent that calls a peer presents a token', () => {
  const snapshot = snapshotOf(seed);
  const asked = question({ dialled: 'asterisk', from });
  const found = whyNot(
    snapshot,
    asked,
    decideQuestion(snapshot, asked, true)!,
    expecting({ verdict: 'route' }),
    configure,
  )!;
  expect(found.call[0]!.changes).toEqual([
    'present a connect token (ctl connect-tokens create --agent 1001@sip.local --peer asterisk --signing-key KEY-FILE)',
  ]);
  expect(found.configuration).toEqual([]);
});

/** Something that a call of this configuration may be expected to come to, by what it is named. */
function expectable(world: ArbitraryWorld): Record<string, readonly string[]> {
  const docs = <D>(kind: KindName) =>
    world.list().filter((one) => one.kind === kind) as unknown as Resource<D>[];
  const open = docs<Trunk>('Trunk').filter(({ doc }) => doc.uris.some(({ enabled }) => enabled));
  return {
    verdict: ['profile', 'route', 'reject'],
    profile: world.refs('Profile'),
    sipRoute: world.refs('SipRoute'),
    trunk: open.map(({ ref }) => ref),
    egressNumber: docs<Domain>('Domain').flatMap(({ doc }) => doc.egressPolicies.map((one) => one.numberRef)),
  };
}

test('whatever is advised does, on arbitrary configurations and calls', () => {
  const { count, expectEach } = counted();
  fc.assert(
    fc.property(fc.gen(), fc.nat(19), fc.nat(7), (draw, n, refused) => {
      const world = new ArbitraryWorld(draw);
      const snapshot = Snapshot.of(world.catalog());
      const asked = question({
        ...writtenAs(callWithin(draw, world), n % 3 > 0),
        ...(refused === 0 && { source: { ip: '203.0.113.9' } }),
      });
      const decision = decideQuestion(snapshot, asked, true);
      if (!decision) return;
      const all = Object.entries(expectable(world)).filter(([, values]) => values.length > 0);
      const [name, values] = all[draw(fc.nat, all.length - 1)]!;
      const expectations = expecting({ [name]: values[draw(fc.nat, values.length - 1)]! });
      const found = whyNot(snapshot, asked, decision, expectations, configure);
      expect(found === undefined).toBe(unmet(snapshot, decision, expectations).length === 0);
      for (const { question } of found?.call ?? []) {
        count('another call');
        count(name);
        expect(unmet(snapshot, decideQuestion(snapshot, question)!, expectations)).toEqual([]);
      }
      for (const { edits } of found?.configuration ?? []) {
        count('another configuration');
        count(name);
        // The commands are typed one after another.
        const changed = edits.reduce((now, edit) => configure(now, [edit])!, snapshot);
        expect(unmet(changed, decideQuestion(changed, asked)!, expectations)).toEqual([]);
      }
    }),
    cases(300),
  );
  const names = ['verdict', 'profile', 'trunk', 'sipRoute', 'egressNumber'];
  expectEach(['another call', 'another configuration', ...names], 1);
});
